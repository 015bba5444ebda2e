using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// The step of the Parzen estimator: of candidates from the good trials' density, the one with the best ratio.
/// </summary>
internal static class DensityRatio
{
    /// <summary>Good trials and all others.</summary>
    public static (IReadOnlyList<Trial> Good, IReadOnlyList<Trial> Bad) Split(RankedTrials ranked, TpeOptions options)
    {
        int good = Math.Min((int)Math.Ceiling(options.Gamma * ranked.EndedCount), options.MostGood);
        return (ranked.Best(good), ranked.AllBut(good));
    }

    /// <summary>Chooses the values of some dimensions that are active together.</summary>
    /// <param name="values">Written: their values, in the places of the space.</param>
    public static void Fill(
        SearchSpace space,
        int[] group,
        IReadOnlyList<Trial> good,
        IReadOnlyList<Trial> bad,
        TpeOptions options,
        ref Draws draws,
        double[] values)
    {
        var numerator = new ParzenEstimator(space, group, good, options);
        var denominator = new ParzenEstimator(space, group, bad, options);
        double[] candidate = new double[group.Length];
        double best = double.NegativeInfinity;
        for (int k = 0; k < options.Candidates; k++)
        {
            numerator.Sample(ref draws, candidate);
            double score = numerator.LogDensity(candidate) - denominator.LogDensity(candidate);
            if (score > best || k == 0)
            {
                best = score;
                for (int i = 0; i < group.Length; i++)
                {
                    values[group[i]] = candidate[i];
                }
            }
        }
    }
}
