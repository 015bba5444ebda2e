using CsCheck;

using Trainer.Golden;

using Xunit;

namespace Trainer.Metrics;

public sealed class ClassificationMetricsTests
{
    private const int Classes = 6;

    private static readonly Gen<int> ShardCounts = Gen.Int[0, 4].Select(level => 1 << level);

    // Few different values, so that ties are frequent.
    private static readonly Gen<(float[] Logits, int Actual)[]> SoftmaxRows = Gen.Select(
        Gen.Int[-6, 6].Select(level => level / 2f).Array[Classes], Gen.Int[0, Classes - 1]).Array[1, 60];

    private static readonly Gen<(float Logit, bool Positive)[]> BinaryRows =
        Gen.Select(Gen.Float[-30, 30], Gen.Bool).Array[1, 60];

    public static TheoryData<string> Cases => MetricFigures.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void ToMetrics_Classes_EqualScikitLearn(string name)
    {
        MetricCase figures = MetricFigures.Case(name);

        EvaluationSums sums = Sums(figures);

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics(figures.Threshold);
        Assert.Equal(figures.Metrics.Keys, metrics.Keys.Except(["loss"]));
        Assert.All(figures.Metrics, figure => Assert.Equal(figure.Value, metrics[figure.Key], 1e-12));
        Assert.Equal(figures.Confusion, sums.ToConfusion(figures.Threshold));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ToCalibration_Classes_EqualsScikitLearn(string name)
    {
        MetricCase figures = MetricFigures.Case(name);

        IReadOnlyList<CalibrationBin> bins = Sums(figures).ToCalibration();

        Assert.Equal(CalibrationBin.Count, bins.Count);
        Assert.Equal(figures.Targets.Length, bins.Sum(bin => bin.Rows));
        if (figures.Calibration is { } expected)
        {
            CalibrationBin[] filled = [.. bins.Where(bin => bin.Rows > 0)];
            Assert.Equal(expected.Rows, filled.Select(bin => bin.Rows));
            Assert.Equal(expected.Observed, filled.Select(bin => bin.ObservedShare!.Value));
            Assert.All(filled.Index(), bin =>
                Assert.Equal(expected.Mean[bin.Index], bin.Item.MeanProbability!.Value, 1e-12));
        }
    }

    [Theory]
    [InlineData("three_classes")]
    [InlineData("seven_classes")]
    public void Of_Classes_EqualScikitLearn(string name)
    {
        MetricCase figures = MetricFigures.Case(name);

        ClassMetrics[] classes = ClassMetrics.Of(Sums(figures).Confusion);

        Assert.Equal(figures.PerClass!.Precision, classes.Select(one => one.Precision));
        Assert.Equal(figures.PerClass.Recall, classes.Select(one => one.Recall));
        Assert.All(classes.Index(), one => Assert.Equal(figures.PerClass.F1[one.Index], one.Item.F1, 1e-15));
    }

    [Fact]
    public void Of_NotSquare_Throws() => Assert.Throws<ArgumentException>(() => ClassMetrics.Of([1, 2, 3]));

    [Fact]
    public void ToMetrics_TwoOfThreeRows_HasPrecisionRecallAndF1ByHand()
    {
        // At 0.5 positive: 2+, 1-, 0+. Missed: -1+.
        EvaluationSums sums = EvaluatedRows.Binary([(2f, true), (1f, false), (0f, true), (-1f, true), (-2f, false)]);

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        Assert.Equal(2.0 / 3, metrics["precision"], 1e-15);
        Assert.Equal(2.0 / 3, metrics["recall"], 1e-15);
        Assert.Equal(2.0 / 3, metrics["f1"], 1e-15);

        // Recall rises at 2+ (1 of 1), 0+ (2 of 3) and -1+ (3 of 4).
        Assert.Equal((1 + (2.0 / 3) + (3.0 / 4)) / 3, metrics["pr_auc"], 1e-15);
    }

    [Fact]
    public void ToMetrics_AllScoresEqual_AveragePrecisionIsTheShareOfPositives()
    {
        EvaluationSums sums = EvaluatedRows.Binary([(1f, true), (1f, false), (1f, false), (1f, true), (1f, false)]);

        Assert.Equal(0.4, sums.ToMetrics()["pr_auc"], 1e-15);
    }

    [Fact]
    public void ToMetrics_NothingPredictedPositive_PrecisionIsZero()
    {
        IReadOnlyDictionary<string, double> metrics = EvaluatedRows.Binary([(-1f, true), (-2f, false)]).ToMetrics();

        Assert.Equal((0.0, 0.0, 0.0), (metrics["precision"], metrics["recall"], metrics["f1"]));
    }

    [Fact]
    public void ToMetrics_LargeLogits_LogLossIsExactAndFinite()
    {
        // Wrong by 800, right by 800, undecided.
        EvaluationSums sums = EvaluatedRows.Binary([(800f, false), (800f, true), (0f, true)]);

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        Assert.Equal((800 + Math.Log(2)) / 3, metrics["log_loss"], 1e-12);
        Assert.Equal((1 + 0.25) / 3, metrics["brier"], 1e-15);
    }

    [Fact]
    public void ToMetrics_LargeSoftmaxLogits_LogLossIsExactAndFinite()
    {
        EvaluationSums sums = EvaluatedRows.Softmax(([1000f, 0f, -1000f], 2), ([1000f, 0f, -1000f], 0));

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        Assert.Equal(1000, metrics["log_loss"], 1e-12);
        Assert.Equal(1, metrics["brier"], 1e-15);
        Assert.Equal(0.5, metrics["calibration_error"], 1e-15);
    }

    [Fact]
    public void ToMetrics_NaNLogit_IsRightForNoK()
    {
        EvaluationSums sums = EvaluatedRows.Softmax(([float.NaN, 1, 2, 3], 0));

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics();

        Assert.Equal(0, metrics["top_3_accuracy"]);
        Assert.DoesNotContain("log_loss", metrics.Keys);
        Assert.DoesNotContain("calibration_error", metrics.Keys);
    }

    [Fact]
    public void ToMetrics_EqualLogits_TopKPrefersTheFirst()
    {
        EvaluationSums sums = EvaluatedRows.Softmax(([0, 0, 0, 0], 2), ([0, 0, 0, 0], 3));

        Assert.Equal(0.5, sums.ToMetrics()["top_3_accuracy"]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0.11, 1)]
    [InlineData(0.5, 4)]
    [InlineData(0.7, 6)]
    [InlineData(1, 9)]
    public void CalibrationBin_Edges_BelongToTheLowerBin(double probability, int bin) =>
        Assert.Equal(bin, CalibrationBin.Of(probability));

    [Fact]
    public void CombineShards_AnyPartitionOfBinaryRows_GivesTheSameBits() =>
        Gen.Select(BinaryRows, ShardCounts, Gen.Int[0, 1000], Gen.Double[0.01, 0.99]).Sample(
            (rows, count, seed, threshold) =>
            {
                EvaluationSums whole = EvaluatedRows.Binary(rows);

                EvaluationSums combined = EvaluatedRows.Partitioned(rows, count, seed, EvaluatedRows.Binary);

                Assert.Equal(
                    whole.ToMetrics(threshold).Where(metric => metric.Key != "loss"),
                    combined.ToMetrics(threshold).Where(metric => metric.Key != "loss"));
                Assert.Equal(whole.ToCalibration(), combined.ToCalibration());
                Assert.Equal(whole.ToConfusion(threshold), combined.ToConfusion(threshold));
            });

    [Fact]
    public void CombineShards_AnyPartitionOfSoftmaxRows_EqualsOnePass() =>
        Gen.Select(SoftmaxRows, ShardCounts, Gen.Int[0, 1000]).Sample((rows, count, seed) =>
        {
            EvaluationSums whole = EvaluatedRows.Softmax(rows);

            EvaluationSums combined = EvaluatedRows.Partitioned(rows, count, seed, EvaluatedRows.Softmax);

            Assert.Equal(whole.Confusion, combined.Confusion);
            Assert.Equal(whole.Probabilities!.TopCorrect, combined.Probabilities!.TopCorrect);
            Assert.Equal(whole.Probabilities.BinRows, combined.Probabilities.BinRows);
            Assert.Equal(whole.Probabilities.BinCorrect, combined.Probabilities.BinCorrect);
            IReadOnlyDictionary<string, double> metrics = combined.ToMetrics();
            Assert.All(whole.ToMetrics(), metric => Assert.Equal(metric.Value, metrics[metric.Key], 1e-12));
        });

    [Fact]
    public void Combine_OnlyOneHasProbabilities_Throws()
    {
        EvaluationSums with = EvaluatedRows.Softmax(([0, 1], 0));
        EvaluationSums without = with with { Probabilities = null };

        Assert.Throws<ArgumentException>(() => EvaluationSums.Combine(with, without));
    }

    private static EvaluationSums Sums(MetricCase figures) => figures.Logits[0].Length == 1
        ? EvaluatedRows.Binary(figures.Logits.Zip(figures.Targets, (logits, target) => (logits[0], target == 1)))
        : EvaluatedRows.Softmax([.. figures.Logits.Zip(figures.Targets)]);
}
