namespace Trainer.Metrics;

/// <summary>One of ten bins of equal width: what was promised to rows, and what they kept.</summary>
/// <remarks>
/// A bin has the probabilities above its lower and up to its upper edge; the first one also 0. Of two classes the
/// probability is that of the positive one, of more that of the predicted one.
/// </remarks>
/// <param name="From">Lower edge.</param>
/// <param name="To">Upper edge.</param>
/// <param name="Rows">Rows whose probability lies in the bin.</param>
/// <param name="MeanProbability">Mean of their probabilities; null without rows.</param>
/// <param name="ObservedShare">
/// Share of them that are positive, with more than two classes predicted right; null without rows.
/// </param>
public sealed record CalibrationBin(double From, double To, long Rows, double? MeanProbability, double? ObservedShare)
{
    /// <summary>Number of bins.</summary>
    public const int Count = 10;

    /// <summary>The bin of a probability.</summary>
    internal static int Of(double probability)
    {
        int bin = 0;
        while (bin < Count - 1 && probability > Edge(bin + 1))
        {
            bin++;
        }

        return bin;
    }

    /// <summary>The bins from their sums.</summary>
    internal static CalibrationBin[] Create(
        ReadOnlySpan<long> rows, ReadOnlySpan<long> kept, ReadOnlySpan<double> probabilities)
    {
        var bins = new CalibrationBin[rows.Length];
        for (int i = 0; i < bins.Length; i++)
        {
            bins[i] = rows[i] == 0
                ? new(Edge(i), Edge(i + 1), 0, null, null)
                : new(Edge(i), Edge(i + 1), rows[i], probabilities[i] / rows[i], (double)kept[i] / rows[i]);
        }

        return bins;
    }

    /// <summary>
    /// Expected calibration error: the distances of mean probability and observed share, weighted by rows.
    /// </summary>
    /// <remarks>Source: Guo et al., "On Calibration of Modern Neural Networks", 2017, equation 3.</remarks>
    internal static double ExpectedError(IReadOnlyList<CalibrationBin> bins)
    {
        double sum = 0;
        long rows = 0;
        foreach (CalibrationBin bin in bins)
        {
            if (bin is { MeanProbability: { } mean, ObservedShare: { } share })
            {
                sum += bin.Rows * Math.Abs(mean - share);
                rows += bin.Rows;
            }
        }

        return sum / rows;
    }

    private static double Edge(int bin) => (double)bin / Count;
}
