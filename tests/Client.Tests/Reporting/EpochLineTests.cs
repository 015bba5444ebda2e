using System.Collections.Immutable;
using System.Globalization;

using Trainer.Grains;

using Xunit;

namespace Trainer.Reporting;

public sealed class EpochLineTests
{
    private static readonly EpochReport Report = new(
        3, 120, 0.21344, [new MetricValue("loss", 0.20109), new MetricValue("accuracy", 0.94441)], 12345.4, 1.23);

    [Fact]
    public void Of_Report_OneLine() => Assert.Equal(
        "epoch 3/20  loss 0.2134  validation loss 0.2011  accuracy 0.9444  12,345 rows/s",
        EpochLine.Of(Report, 20));

    [Fact]
    public void Of_NoValidationPart_TrainLossAlone() => Assert.Equal(
        "epoch 3/20  loss 0.2134  12,345 rows/s  1.2 s",
        EpochLine.Of(Report with { Validation = ImmutableArray<MetricValue>.Empty }, 20));

    [Fact]
    public void Of_TwoMetrics_FitsByLeavingTheRateOut()
    {
        EpochReport report = Report with { Validation = Report.Validation.Add(new MetricValue("auc", 0.5)) };

        string line = EpochLine.Of(report, 100);

        Assert.Equal("epoch 3/100  loss 0.2134  validation loss 0.2011  accuracy 0.9444  auc 0.5000", line);
    }

    [Fact]
    public void Of_MeanSquaredErrorThatIsTheLoss_StandsThereOnce()
    {
        ImmutableArray<MetricValue> metrics = [new("loss", 0.25), new("mae", 0.5), new("mse", 0.25), new("r2", 0.9)];

        string line = EpochLine.Of(Report with { Validation = metrics }, 20);

        Assert.Equal("epoch 3/20  loss 0.2134  validation loss 0.2500  mae 0.5000  r2 0.9000  1.2 s", line);
    }

    [Theory]
    [InlineData("one two three", 9, "one two|three")]
    [InlineData("a-word-that-is-long b", 5, "a-word-that-is-long|b")]
    [InlineData("", 5, "")]
    public void Wrap_Text_BreaksBetweenWords(string text, int width, string lines) =>
        Assert.Equal(lines.Split('|'), TextLines.Wrap(text, width));

    [Fact]
    public void Of_CultureWithDecimalComma_SameLine()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("")
        {
            NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
        };
        try
        {
            Of_Report_OneLine();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(0.5, "0.5000")]
    [InlineData(-1.25, "-1.2500")]
    [InlineData(0.00012346, "1.235e-4")]
    [InlineData(123456.789, "123456.7890")]
    [InlineData(12345678.9, "1.235e7")]
    public void Metric_Value_StaysReadable(double value, string expected) =>
        Assert.Equal(expected, Figures.Metric(value));

    [Theory]
    [InlineData(0.94, "0.9 s")]
    [InlineData(59.9, "59.9 s")]
    [InlineData(95.4, "95 s")]
    public void Seconds_Value_OneDecimalBelowAMinute(double value, string expected) =>
        Assert.Equal(expected, Figures.Seconds(value));

    [Theory]
    [InlineData(6.2, "7 s")]
    [InlineData(600, "10 min")]
    [InlineData(36000, "10 h")]
    public void Rough_Duration_OneUnit(double seconds, string expected) =>
        Assert.Equal(expected, Figures.Rough(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(2, "fold 2/5  epoch 3/20  ")]
    [InlineData(null, "all rows  epoch 3/20  ")]
    public void Of_Folds_SaysWhichTraining(int? fold, string start) => Assert.StartsWith(
        start, EpochLine.Of(Report with { Fold = fold, Folds = 5 }, 20), StringComparison.Ordinal);

    [Fact]
    public void Epoch_Folds_SaysWhichTraining()
    {
        string fold = JsonEvents.Epoch(Report with { Fold = 2, Folds = 5 });
        string last = JsonEvents.Epoch(Report with { Folds = 5 });

        Assert.StartsWith("""{"event":"epoch","fold":2,"epoch":3,""", fold, StringComparison.Ordinal);
        Assert.StartsWith("""{"event":"epoch","fold":null,"epoch":3,""", last, StringComparison.Ordinal);
        Assert.StartsWith("""{"event":"epoch","epoch":3,""", JsonEvents.Epoch(Report), StringComparison.Ordinal);
    }
}
