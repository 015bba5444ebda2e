namespace Trainer.Metrics;

/// <summary>What an evaluation adds up over rows; sums of shards combine in tree order to exactly the sums of the whole part.</summary>
/// <param name="RowCount">Rows.</param>
/// <param name="LossSum">Sum of the rows' losses, in double.</param>
/// <param name="Correct">Rows whose predicted class is right; 0 for a regression.</param>
/// <param name="TargetMean">Mean of the targets, per output; empty unless a regression.</param>
/// <param name="TargetSquares">Sum of squared distances of the targets to their mean, per output.</param>
/// <param name="SquaredErrors">Sum of squared errors, per output.</param>
/// <param name="AbsoluteErrors">Sum of absolute errors, per output.</param>
/// <param name="PositiveScores">Binary: logits of rows of the positive class, ascending; else empty.</param>
/// <param name="NegativeScores">Binary: logits of rows of the negative class, ascending; else empty.</param>
/// <param name="Confusion">Classes: counts, row-major [actual, predicted]; empty for a regression.</param>
public sealed record EvaluationSums(
    long RowCount,
    double LossSum,
    long Correct,
    double[] TargetMean,
    double[] TargetSquares,
    double[] SquaredErrors,
    double[] AbsoluteErrors,
    float[] PositiveScores,
    float[] NegativeScores,
    long[] Confusion)
{
    /// <summary>The sums of two sibling nodes together: <paramref name="left"/> + <paramref name="right"/>.</summary>
    public static EvaluationSums Combine(EvaluationSums left, EvaluationSums right) => throw new NotImplementedException();

    /// <summary>The sums of a whole part from those of its shards, combined in tree order (numerics A3, A7).</summary>
    /// <param name="shards">Sums by shard number; shards without rows may be absent.</param>
    /// <param name="count">V, a power of two.</param>
    public static EvaluationSums CombineShards(IReadOnlyDictionary<int, EvaluationSums> shards, int count) => throw new NotImplementedException();

    /// <summary>Metrics by name in a fixed order: loss, accuracy, auc (binary), mae, mse, r2 (regression). NaN never appears: what is undefined is left out.</summary>
    public IReadOnlyDictionary<string, double> ToMetrics(double threshold = 0.5) => throw new NotImplementedException();
}
