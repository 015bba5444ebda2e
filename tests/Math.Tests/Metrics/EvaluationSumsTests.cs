using CsCheck;

using Trainer.Models;

using Xunit;

namespace Trainer.Metrics;

public sealed class EvaluationSumsTests
{
    private static readonly Gen<int> ShardCounts = Gen.Int[0, 4].Select(level => 1 << level);

    // Few different values, so that ties are frequent.
    private static readonly Gen<(float Logit, bool Positive)[]> BinaryRows =
        Gen.Select(Gen.Int[-4, 4], Gen.Bool, (level, positive) => (level / 4f, positive)).Array[1, 60];

    private static readonly Gen<(double[] Predicted, double[] Target)[]> RegressionRows =
        Gen.Select(Gen.Double[-5, 5].Array[2], Gen.Double[95, 105].Array[2]).Array[1, 60];

    [Fact]
    public void ToMetrics_Binary_HasValuesByHand()
    {
        EvaluationSums sums = EvaluatedRows.Binary(
            [(2f, true), (0f, true), (-1f, true), (0f, false), (-1f, false), (-3f, false), (1f, false)]);

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        // Right: 2+, 0+ (at the threshold), -1-, -3-. Pairs of 12: 4 + (1/2 + 2) + (1/2 + 1) = 8.
        Assert.Equal(MetricNames.Of(OutputUnit.Sigmoid, 1), metrics.Keys);
        Assert.Equal(8.0 / 7, metrics["loss"], 1e-15);
        Assert.Equal(4.0 / 7, metrics["accuracy"]);
        Assert.Equal(8.0 / 12, metrics["auc"]);
    }

    [Theory]
    [InlineData(0, 2.0 / 4)]
    [InlineData(0.25, 2.0 / 4)]
    [InlineData(0.5, 3.0 / 4)]
    [InlineData(0.75, 2.0 / 4)]
    [InlineData(1, 2.0 / 4)]
    public void ToMetrics_Threshold_MovesTheAccuracyOnly(double threshold, double accuracy)
    {
        EvaluationSums sums = EvaluatedRows.Binary([(1f, true), (0f, true), (0f, false), (-1f, false)]);

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics(threshold);

        Assert.Equal(accuracy, metrics["accuracy"]);
        Assert.Equal(3.5 / 4, metrics["auc"]);
    }

    [Fact]
    public void ToMetrics_LogitJustBelowZero_IsNegativeAtOneHalf()
    {
        EvaluationSums sums = EvaluatedRows.Binary([(-float.Epsilon, true), (-0f, true), (0f, true)]);

        Assert.Equal(2.0 / 3, sums.ToMetrics()["accuracy"]);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void ToMetrics_ThresholdOutsideProbabilities_Throws(double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EvaluationSums.Empty.ToMetrics(threshold));

    [Fact]
    public void ToMetrics_OneClassAbsent_HasNoAuc()
    {
        EvaluationSums positives = EvaluatedRows.Binary([(1f, true), (-1f, true)]);
        EvaluationSums negatives = EvaluatedRows.Binary([(1f, false), (-1f, false)]);

        IEnumerable<string> all = MetricNames.Of(OutputUnit.Sigmoid, 1);
        Assert.Equal(all.Except(["auc"]), positives.ToMetrics().Keys);
        Assert.Equal(all.Except(["auc", "precision", "recall", "f1", "pr_auc"]), negatives.ToMetrics().Keys);
    }

    [Fact]
    public void ToMetrics_NaNScore_LeavesOutWhatIsUndefined()
    {
        EvaluationSums sums = EvaluatedRows.Binary([(float.NaN, true), (1f, true), (-1f, false)]);

        Assert.Empty(sums.ToMetrics());
    }

    [Fact]
    public void ToMetrics_InfiniteScores_AreOrdered()
    {
        EvaluationSums sums = EvaluatedRows.Binary([(float.PositiveInfinity, true), (float.NegativeInfinity, false)]);

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        Assert.Equal(MetricNames.Of(OutputUnit.Sigmoid, 1).Except(["loss"]), metrics.Keys);
        Assert.Equal(0, metrics["log_loss"]);
        Assert.Equal(1, metrics["accuracy"]);
        Assert.Equal(1, metrics["auc"]);
    }

    [Fact]
    public void ToMetrics_Classes_HasValuesByHand()
    {
        EvaluationSums sums = EvaluatedRows.Classes(3, (0, 0), (1, 2), (2, 2), (2, 1));

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        // Precision of the classes: 1 of 1, 0 of 1, 1 of 2; recall: 1 of 1, 0 of 1, 1 of 2.
        Assert.Equal(["loss", "accuracy", "precision", "recall", "f1"], metrics.Keys);
        Assert.Equal(0.5, metrics["accuracy"]);
        Assert.Equal(0.5, metrics["precision"], 1e-15);
        Assert.Equal(0.5, metrics["recall"], 1e-15);
        Assert.Equal(0.5, metrics["f1"], 1e-15);
    }

    [Fact]
    public void ToMetrics_Regression_HasValuesByHand()
    {
        // Output 0: errors 1, -1, 0; targets 1, 2, 3. Output 1: errors 0, 0, 3; targets 0, 0, 6.
        EvaluationSums sums = EvaluatedRows.Regression(([2, 0], [1, 0]), ([1, 0], [2, 0]), ([3, 9], [3, 6]));

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        Assert.Equal(["loss", "mae", "mse", "r2"], metrics.Keys);
        Assert.Equal(11.0 / 6, metrics["mse"], 1e-15);
        Assert.Equal(5.0 / 6, metrics["mae"], 1e-15);
        Assert.Equal(((1 - (2.0 / 2)) + (1 - (9.0 / 24))) / 2, metrics["r2"], 1e-15);
    }

    [Fact]
    public void ToMetrics_ConstantTargets_HasNoR2()
    {
        // 0.1 three times: a mean by division is off by a rounding, which must not pass for variance.
        EvaluationSums sums = EvaluatedRows.Regression(([1], [0.1]), ([2], [0.1]), ([3], [0.1]));
        EvaluationSums rounded = sums with { TargetMean = [0.1], TargetSquares = [3 * 1.4e-17 * 1.4e-17] };

        Assert.Equal(["loss", "mae", "mse"], sums.ToMetrics().Keys);
        Assert.Equal(["loss", "mae", "mse"], rounded.ToMetrics().Keys);
    }

    [Fact]
    public void ToMetrics_OneConstantOutput_AveragesR2OverTheOthers()
    {
        EvaluationSums sums = EvaluatedRows.Regression(([0, 7], [0, 5]), ([0, 7], [1, 5]), ([2, 7], [2, 5]));

        Assert.Equal(1 - (1.0 / 2), sums.ToMetrics()["r2"], 1e-15);
    }

    [Fact]
    public void ToMetrics_NoRows_IsEmpty() => Assert.Empty(EvaluationSums.Empty.ToMetrics());

    [Fact]
    public void CombineShards_Losses_AddInTreeOrder()
    {
        double tiny = Math.ScaleB(1, -53);

        double allThere = CombineLosses(4, (0, 1), (1, tiny), (2, tiny), (3, tiny));
        double oneAbsent = CombineLosses(4, (0, 1), (2, tiny), (3, tiny));
        double leftHalfAbsent = CombineLosses(4, (2, 1), (3, tiny));

        // From left to right both of the first two would be 1.
        Assert.Equal(1 + Math.ScaleB(1, -52), allThere);
        Assert.Equal(1 + Math.ScaleB(1, -52), oneAbsent);
        Assert.Equal(1, leftHalfAbsent);
    }

    [Fact]
    public void CombineShards_NoShards_IsEmpty() =>
        Assert.Same(EvaluationSums.Empty, EvaluationSums.CombineShards(new Dictionary<int, EvaluationSums>(), 4));

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    [InlineData(4, 4)]
    [InlineData(4, -1)]
    public void CombineShards_WrongNumbers_Throws(int count, int shard)
    {
        Dictionary<int, EvaluationSums> shards = new() { [shard] = EvaluatedRows.Binary([(1f, true)]) };

        Assert.Throws<ArgumentException>(() => EvaluationSums.CombineShards(shards, count));
    }

    [Fact]
    public void Combine_DifferentModels_Throws()
    {
        EvaluationSums left = EvaluatedRows.Classes(2, (0, 0));
        EvaluationSums right = EvaluatedRows.Classes(3, (0, 0));

        Assert.Throws<ArgumentException>(() => EvaluationSums.Combine(left, right));
    }

    [Fact]
    public void CombineShards_AnyPartitionOfBinaryRows_EqualsOnePass() =>
        Gen.Select(BinaryRows, ShardCounts, Gen.Int[0, 1000]).Sample((rows, count, seed) =>
        {
            EvaluationSums whole = EvaluatedRows.Binary(rows);

            EvaluationSums combined = EvaluatedRows.Partitioned(rows, count, seed, EvaluatedRows.Binary);

            // The logits are quarters: even their sums are exact.
            Assert.Equal(whole.ToMetrics(), combined.ToMetrics());
            Assert.Equal(whole.PositiveScores, combined.PositiveScores);
            Assert.Equal(whole.NegativeScores, combined.NegativeScores);
            Assert.Equal(whole.Confusion, combined.Confusion);
            Assert.Equal(PairwiseAuc(rows), combined.ToMetrics().GetValueOrDefault("auc", double.NaN), 1e-14);
        });

    [Fact]
    public void CombineShards_AnyPartitionOfRegressionRows_EqualsOnePass() =>
        Gen.Select(RegressionRows, ShardCounts, Gen.Int[0, 1000]).Sample((rows, count, seed) =>
        {
            EvaluationSums whole = EvaluatedRows.Regression(rows);

            EvaluationSums combined = EvaluatedRows.Partitioned(rows, count, seed, EvaluatedRows.Regression);

            Assert.Equal(whole.RowCount, combined.RowCount);
            for (int output = 0; output < 2; output++)
            {
                Assert.Equal(whole.TargetMean[output], combined.TargetMean[output], 1e-11);
                Assert.Equal(whole.TargetSquares[output], combined.TargetSquares[output], 1e-9);
            }

            IReadOnlyDictionary<string, double> metrics = combined.ToMetrics();
            foreach ((string name, double value) in whole.ToMetrics())
            {
                Assert.Equal(value, metrics[name], 1e-9 * Math.Max(1, Math.Abs(value)));
            }
        });

    private static double CombineLosses(int count, params (int Shard, double Loss)[] losses) =>
        EvaluationSums.CombineShards(
            losses.ToDictionary(
                leaf => leaf.Shard, leaf => EvaluatedRows.Classes(2, (0, 0)) with { LossSum = leaf.Loss }),
            count).LossSum;

    private static double PairwiseAuc((float Logit, bool Positive)[] rows)
    {
        double[] wins =
        [
            .. from positive in rows
               where positive.Positive
               from negative in rows
               where !negative.Positive
               select (Math.Sign(positive.Logit - negative.Logit) + 1) / 2.0,
        ];
        return wins.Length == 0 ? double.NaN : wins.Average();
    }
}
