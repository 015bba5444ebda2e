namespace Trainer.Metrics;

/// <summary>What the probabilities of a softmax add up to over rows, in double.</summary>
/// <remarks>The confidence of a row is the probability of its predicted class; its bin is the confidence's.</remarks>
/// <param name="LogLoss">Sum of <c>-ln p</c> of the actual class, in nats, without weights or smoothing.</param>
/// <param name="SquaredError">Sum over rows and classes of <c>(p - y)^2</c>, y being 1 for the actual class.</param>
/// <param name="TopCorrect">
/// Rows whose actual class is among the 3 and among the 5 largest logits, the first of equal ones.
/// </param>
/// <param name="BinRows">Rows of each bin of the calibration.</param>
/// <param name="BinCorrect">Those predicted right.</param>
/// <param name="BinConfidence">Sum of their confidences.</param>
public sealed record ProbabilitySums(
    double LogLoss,
    double SquaredError,
    long[] TopCorrect,
    long[] BinRows,
    long[] BinCorrect,
    double[] BinConfidence)
{
    /// <summary>The k of the top-k accuracies.</summary>
    public static ReadOnlySpan<int> Tops => [3, 5];

    /// <summary>The sums of two sibling nodes together; null when neither has any.</summary>
    /// <exception cref="ArgumentException">Only one of them has sums: they belong to different models.</exception>
    internal static ProbabilitySums? Combine(ProbabilitySums? left, ProbabilitySums? right)
    {
        if (left is null || right is null)
        {
            return left is null && right is null
                ? null
                : throw new ArgumentException("Sums with and without probabilities belong to different models.");
        }

        return new ProbabilitySums(
            left.LogLoss + right.LogLoss,
            left.SquaredError + right.SquaredError,
            EvaluationSums.Add(left.TopCorrect, right.TopCorrect),
            EvaluationSums.Add(left.BinRows, right.BinRows),
            EvaluationSums.Add(left.BinCorrect, right.BinCorrect),
            EvaluationSums.Add(left.BinConfidence, right.BinConfidence));
    }
}
