using Trainer.Grains;

using Xunit;

namespace Trainer.Runs;

public sealed class MetricsLineTests
{
    private static readonly EpochReport Report = new(
        3, 45, 0.1 + 0.2, [new("loss", 1d / 3), new("accuracy", 1)], 1234.5, 6.7)
    {
        GradientNorms = [0.5, 1e-300],
        Line = 9,
    };

    [Theory]
    [InlineData(null, 0)]
    [InlineData(2, 3)]
    [InlineData(null, 3)]
    public void TryParse_WhatWasWritten_IsTheSameReport(int? fold, int folds)
    {
        EpochReport report = Report with { Fold = fold, Folds = folds };

        EpochReport? read = MetricsLine.TryParse(MetricsLine.Of(report), number: 9, folds);

        Assert.NotNull(read);
        Assert.Equal(report.Validation, read.Validation);
        Assert.Equal(report.GradientNorms, read.GradientNorms);
        Assert.Equal(
            report with { Validation = [], GradientNorms = [] }, read with { Validation = [], GradientNorms = [] });
        Assert.Equal(MetricsLine.Of(report), MetricsLine.Of(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"epoch\":1,")]
    [InlineData("[]")]
    [InlineData("{\"epoch\":\"one\"}")]
    public void TryParse_SomethingElse_IsNull(string line) => Assert.Null(MetricsLine.TryParse(line, 1, 0));
}
