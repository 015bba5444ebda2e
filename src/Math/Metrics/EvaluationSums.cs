using System.Numerics;

namespace Trainer.Metrics;

/// <summary>
/// What an evaluation adds up over rows; sums of shards combine in tree order to exactly the sums of the whole part.
/// </summary>
/// <remarks>
/// <para>A regression fills the four arrays an output; a binary classification the scores and the confusion; a softmax
/// the confusion. All of them fill RowCount and LossSum, classifications also Correct.</para>
/// <para>An array given to this record is never written to again, neither by its producer nor by the record.</para>
/// </remarks>
/// <param name="RowCount">Rows.</param>
/// <param name="LossSum">Sum of the rows' losses, in double.</param>
/// <param name="Correct">
/// Rows whose predicted class is right: of a softmax the class with the largest logit, the first of equal ones; of a
/// binary classification at a threshold of 0.5. 0 for a regression.
/// </param>
/// <param name="TargetMean">Mean of the rows' targets, per output; empty unless a regression.</param>
/// <param name="TargetSquares">
/// Sum of squared distances of the rows' targets to <paramref name="TargetMean"/>, per output.
/// </param>
/// <param name="SquaredErrors">Sum of squared errors, per output.</param>
/// <param name="AbsoluteErrors">Sum of absolute errors, per output.</param>
/// <param name="PositiveScores">Binary: logits of rows of the positive class, ascending; else empty.</param>
/// <param name="NegativeScores">Binary: logits of rows of the negative class, ascending; else empty.</param>
/// <param name="Confusion">Classes: counts, row-major [actual, predicted]; empty for a regression.</param>
/// <param name="Probabilities">Softmax: sums over the probabilities; else null.</param>
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
    long[] Confusion,
    ProbabilitySums? Probabilities = null)
{
    // Targets whose standard deviation is below this fraction of their mean are constant but for the rounding of the
    // sums:
    // binary32 targets that differ at all differ by 6e-8 of their size.
    private const double ConstantDeviation = 1e-12;

    /// <summary>The sums of no rows.</summary>
    public static EvaluationSums Empty { get; } = new(0, 0, 0, [], [], [], [], [], [], []);

    private bool IsBinary => PositiveScores.Length + NegativeScores.Length > 0;

    /// <summary>The sums of two sibling nodes together: <paramref name="left"/> + <paramref name="right"/>.</summary>
    /// <remarks>
    /// Means and squared distances by <c>d = right.mean - left.mean; mean = left.mean + d n_r/n; squares = left + right
    /// + d^2 n_l n_r/n</c>. Source: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for
    /// Computing Sample Variances", 1979.
    /// </remarks>
    /// <exception cref="ArgumentException">They belong to different models: their arrays differ in length.</exception>
    public static EvaluationSums Combine(EvaluationSums left, EvaluationSums right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.RowCount == 0 || right.RowCount == 0)
        {
            return left.RowCount == 0 ? right : left;
        }

        long rows = left.RowCount + right.RowCount;
        double[] mean = Add(left.TargetMean, right.TargetMean);
        double[] squares = Add(left.TargetSquares, right.TargetSquares);
        for (int output = 0; output < mean.Length; output++)
        {
            double distance = right.TargetMean[output] - left.TargetMean[output];
            double share = (double)right.RowCount / rows;
            mean[output] = left.TargetMean[output] + (distance * share);
            squares[output] += distance * distance * left.RowCount * share;
        }

        return new EvaluationSums(
            rows,
            left.LossSum + right.LossSum,
            left.Correct + right.Correct,
            mean,
            squares,
            Add(left.SquaredErrors, right.SquaredErrors),
            Add(left.AbsoluteErrors, right.AbsoluteErrors),
            Merge(left.PositiveScores, right.PositiveScores),
            Merge(left.NegativeScores, right.NegativeScores),
            Add(left.Confusion, right.Confusion),
            ProbabilitySums.Combine(left.Probabilities, right.Probabilities));
    }

    /// <summary>The sums of a whole part from those of its shards, combined in tree order (numerics A3, A7).</summary>
    /// <param name="shards">Sums by shard number; shards without rows may be absent.</param>
    /// <param name="count">V, a power of two.</param>
    /// <returns>The sums of the root; <see cref="Empty"/> when no shard has a row.</returns>
    /// <exception cref="ArgumentException">
    /// The count is not a power of two, or a shard is not in [0, count).
    /// </exception>
    public static EvaluationSums CombineShards(IReadOnlyDictionary<int, EvaluationSums> shards, int count)
    {
        ArgumentNullException.ThrowIfNull(shards);
        if (!BitOperations.IsPow2(count))
        {
            throw new ArgumentException($"'count' is {count}; it must be a power of two.", nameof(count));
        }

        foreach (int shard in shards.Keys)
        {
            if (shard < 0 || shard >= count)
            {
                throw new ArgumentException(
                    $"'shards' has number {shard}; allowed are 0 to {count - 1}.", nameof(shards));
            }
        }

        return Node(shards, 0, count) ?? Empty;
    }

    /// <summary>Metrics by name, in the order of <see cref="MetricNames.Of"/>.</summary>
    /// <param name="threshold">
    /// Probability in [0, 1] from which on a row is predicted positive (binary). The rule is exact and inclusive:
    /// positive when the logit is at least ln(threshold / (1 - threshold)), at 0.5 when it is at least 0.
    /// </param>
    /// <returns>
    /// What is defined: NaN and infinity never appear. No auc when a class is absent; no precision, recall, f1 and
    /// pr_auc without a positive row; no r2 of constant targets; nothing of no rows. With several outputs mae and mse
    /// are means over them, r2 over those whose targets vary.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not in [0, 1].</exception>
    public IReadOnlyDictionary<string, double> ToMetrics(double threshold = 0.5)
    {
        RequireProbability(threshold);
        var metrics = new OrderedDictionary<string, double>();
        if (RowCount == 0)
        {
            return metrics;
        }

        AddFinite(metrics, MetricNames.Loss, LossSum / RowCount);
        if (IsBinary)
        {
            AddBinary(metrics, threshold);
        }
        else if (Confusion.Length > 0)
        {
            AddClasses(metrics);
        }

        if (SquaredErrors.Length > 0)
        {
            double values = (double)RowCount * SquaredErrors.Length;
            AddFinite(metrics, MetricNames.Mae, AbsoluteErrors.Sum() / values);
            AddFinite(metrics, MetricNames.Mse, SquaredErrors.Sum() / values);
            AddFinite(metrics, MetricNames.R2, ExplainedVariance());
        }

        return metrics;
    }

    /// <summary>Counts of classes, row-major [actual, predicted]; empty for a regression.</summary>
    /// <param name="threshold">As in <see cref="ToMetrics"/>; only two classes of a sigmoid depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not in [0, 1].</exception>
    public IReadOnlyList<long> ToConfusion(double threshold = 0.5)
    {
        RequireProbability(threshold);
        var scores = new BinaryScores(PositiveScores, NegativeScores);
        return (IsBinary ? scores.Confusion(threshold) : null) ?? Confusion;
    }

    /// <summary>The bins of the calibration, lowest first; empty for a regression and for no rows.</summary>
    public IReadOnlyList<CalibrationBin> ToCalibration() =>
        IsBinary ? new BinaryScores(PositiveScores, NegativeScores).Calibration()
        : Probabilities is { } sums ? CalibrationBin.Create(sums.BinRows, sums.BinCorrect, sums.BinConfidence)
        : [];

    /// <summary>The sum of two arrays of sums.</summary>
    /// <exception cref="ArgumentException">They differ in length: they belong to different models.</exception>
    internal static T[] Add<T>(T[] left, T[] right)
        where T : INumber<T>
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException(
                $"Sums of {left.Length} and of {right.Length} values belong to different models; they have no sum.");
        }

        var sum = new T[left.Length];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }

        return sum;
    }

    private static void RequireProbability(double threshold)
    {
        if (!(threshold >= 0 && threshold <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(threshold), threshold, $"'threshold' is {threshold}; allowed are probabilities from 0 to 1.");
        }
    }

    private void AddBinary(OrderedDictionary<string, double> metrics, double threshold)
    {
        var scores = new BinaryScores(PositiveScores, NegativeScores);
        if (scores.Confusion(threshold) is { } confusion)
        {
            ClassMetrics positive = ClassMetrics.Of(confusion)[1];
            AddFinite(metrics, MetricNames.Accuracy, (double)(confusion[0] + confusion[3]) / RowCount);
            AddFinite(metrics, MetricNames.Auc, scores.AreaUnderRoc());
            if (positive.Rows > 0)
            {
                AddMeans(metrics, [positive]);
            }
        }

        AddFinite(metrics, MetricNames.PrAuc, scores.AveragePrecision());
        AddFinite(metrics, MetricNames.LogLoss, scores.LogLoss());
        AddFinite(metrics, MetricNames.Brier, scores.Brier());
        AddFinite(metrics, MetricNames.CalibrationError, CalibrationBin.ExpectedError(scores.Calibration()));
    }

    private void AddClasses(OrderedDictionary<string, double> metrics)
    {
        ClassMetrics[] classes = ClassMetrics.Of(Confusion);
        AddFinite(metrics, MetricNames.Accuracy, (double)Correct / RowCount);
        foreach ((int index, int k) in MetricNames.TopsOf(Probabilities is null ? 0 : classes.Length).Index())
        {
            AddFinite(metrics, MetricNames.Top(k), (double)Probabilities!.TopCorrect[index] / RowCount);
        }

        AddMeans(metrics, [.. classes.Where(metric => metric.Occurs)]);
        if (Probabilities is { } sums)
        {
            AddFinite(metrics, MetricNames.LogLoss, sums.LogLoss / RowCount);
            AddFinite(metrics, MetricNames.Brier, sums.SquaredError / RowCount);
            AddFinite(metrics, MetricNames.CalibrationError, CalibrationBin.ExpectedError(ToCalibration()));
        }
    }

    private static void AddMeans(OrderedDictionary<string, double> metrics, ClassMetrics[] classes)
    {
        AddFinite(metrics, MetricNames.Precision, classes.Average(metric => metric.Precision));
        AddFinite(metrics, MetricNames.Recall, classes.Average(metric => metric.Recall));
        AddFinite(metrics, MetricNames.F1, classes.Average(metric => metric.F1));
    }

    private static void AddFinite(OrderedDictionary<string, double> metrics, string name, double value)
    {
        if (double.IsFinite(value))
        {
            metrics.Add(name, value);
        }
    }

    // The node over shards [first, first + count); null when none of them has rows. A node with one child is that
    // child.
    private static EvaluationSums? Node(IReadOnlyDictionary<int, EvaluationSums> shards, int first, int count)
    {
        if (count == 1)
        {
            return shards.TryGetValue(first, out EvaluationSums? leaf) && leaf.RowCount > 0 ? leaf : null;
        }

        EvaluationSums? left = Node(shards, first, count / 2);
        EvaluationSums? right = Node(shards, first + (count / 2), count / 2);
        return left is null ? right : right is null ? left : Combine(left, right);
    }

    private static float[] Merge(float[] left, float[] right)
    {
        float[] merged = new float[left.Length + right.Length];
        int l = 0;
        int r = 0;
        for (int i = 0; i < merged.Length; i++)
        {
            // CompareTo orders NaN first, as Array.Sort does.
            bool takeLeft = r == right.Length || (l < left.Length && left[l].CompareTo(right[r]) <= 0);
            merged[i] = takeLeft ? left[l++] : right[r++];
        }

        return merged;
    }

    // r2 = 1 - squared errors / squared distances to the mean, averaged over the outputs whose targets vary; NaN when
    // none do.
    private double ExplainedVariance()
    {
        double sum = 0;
        int outputs = 0;
        for (int output = 0; output < SquaredErrors.Length; output++)
        {
            double deviation = ConstantDeviation * TargetMean[output];
            if (TargetSquares[output] > RowCount * deviation * deviation)
            {
                sum += 1 - (SquaredErrors[output] / TargetSquares[output]);
                outputs++;
            }
        }

        return sum / outputs;
    }
}
