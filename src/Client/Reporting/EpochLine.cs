using System.Globalization;

using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>The plain line of an epoch.</summary>
internal static class EpochLine
{
    /// <summary>
    /// <c>epoch 3/20  step 120  train loss 0.2134  validation loss 0.2011  accuracy 0.9444  12,345 rows/s  1.2 s</c>
    /// </summary>
    public static string Of(EpochReport report, int epochs) => string.Join("  ",
    [
        .. Fold(report),
        string.Create(CultureInfo.InvariantCulture, $"epoch {report.Epoch}/{epochs}"),
        string.Create(CultureInfo.InvariantCulture, $"step {report.Step}"),
        .. Metrics(report),
        Figures.RowsPerSecond(report.RowsPerSecond),
        Figures.Seconds(report.Seconds),
    ]);

    /// <summary>Which training of a cross-validation: <c>fold 2/5</c>, <c>all rows</c>, or nothing.</summary>
    public static IEnumerable<string> Fold(EpochReport report) => report switch
    {
        { Folds: 0 } => [],
        { Fold: { } fold } => [string.Create(CultureInfo.InvariantCulture, $"fold {fold}/{report.Folds}")],
        _ => ["all rows"],
    };

    /// <summary>The losses and metrics alone; the first of the validation part says whose they are.</summary>
    public static IEnumerable<string> Metrics(EpochReport report) => report.Validation
        .Select((metric, index) => $"{(index == 0 ? "validation " : "")}{metric.Name} {Figures.Metric(metric.Value)}")
        .Prepend($"train loss {Figures.Metric(report.TrainLoss)}");
}
