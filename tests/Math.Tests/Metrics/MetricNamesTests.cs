using Trainer.Models;

using Xunit;

namespace Trainer.Metrics;

public sealed class MetricNamesTests
{
    [Fact]
    public void Of_Binary_AreThoseOfTheSums()
    {
        EvaluationSums sums = EvaluatedRows.Binary([(1f, true), (-1f, false)]);

        Assert.Equal(MetricNames.Of(OutputUnit.Sigmoid, 1), sums.ToMetrics().Keys);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Of_Softmax_AreThoseOfTheSums(int classes)
    {
        EvaluationSums sums = EvaluatedRows.Softmax((new float[classes], 1));

        Assert.Equal(MetricNames.Of(OutputUnit.Softmax, classes), sums.ToMetrics().Keys);
    }

    [Fact]
    public void Of_Linear_AreThoseOfTheSums()
    {
        EvaluationSums sums = EvaluatedRows.Regression(([1], [2]), ([3], [3]));

        Assert.Equal(MetricNames.Of(OutputUnit.Linear, 1), sums.ToMetrics().Keys);
    }

    [Fact]
    public void All_HasEachNameOnce() => Assert.Equal(MetricNames.All.Distinct(), MetricNames.All);

    [Fact]
    public void Grows_Errors_DoNot() => Assert.Equal(
        ["loss", "log_loss", "brier", "calibration_error", "mae", "mse"],
        MetricNames.All.Where(name => !MetricNames.Grows(name)));

    [Fact]
    public void IsHeadline_Few_Are() => Assert.Equal(
        ["loss", "accuracy", "auc", "mae", "mse", "r2"], MetricNames.All.Where(MetricNames.IsHeadline));
}
