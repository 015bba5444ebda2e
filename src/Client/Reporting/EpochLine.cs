using System.Globalization;

using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>The plain line of an epoch, in 80 columns where its values allow.</summary>
internal static class EpochLine
{
    private const int Width = 80;
    private const string Gap = "  ";

    // How wide values usually are: the same columns in every line of a run, whatever they are just now.
    private const string UsualMetric = "0.0000";
    private const string UsualRate = "12,345 rows/s";
    private const string UsualSeconds = "12.3 s";

    /// <summary>
    /// <c>epoch 3/20  loss 0.2134  validation loss 0.2011  accuracy 0.9444  12,345 rows/s</c>; rate and seconds only
    /// where there is room.
    /// </summary>
    public static string Of(EpochReport report, int epochs)
    {
        List<(string Name, string Value)> parts = [.. Parts(report)];
        string fold = string.Concat(Fold(report).Select(text => text + Gap));
        string epoch = string.Create(CultureInfo.InvariantCulture, $"{fold}epoch {report.Epoch}/{epochs}");
        int width = string.Create(CultureInfo.InvariantCulture, $"{fold}epoch {epochs}/{epochs}").Length
            + parts.Sum(part => Gap.Length + part.Name.Length + 1 + UsualMetric.Length);
        List<string> line = [epoch, .. parts.Select(part => $"{part.Name} {part.Value}")];
        foreach ((string text, string usual) in new[]
        {
            (Figures.RowsPerSecond(report.RowsPerSecond), UsualRate),
            (Figures.Seconds(report.Seconds), UsualSeconds),
        })
        {
            int with = width + Gap.Length + usual.Length;
            if (with <= Width && string.Join(Gap, [.. line, text]).Length <= Width)
            {
                line.Add(text);
                width = with;
            }
        }

        return string.Join(Gap, line);
    }

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

    // Without a metric that is the loss once more, as the mean squared error of a regression is.
    private static IEnumerable<(string Name, string Value)> Parts(EpochReport report)
    {
        yield return ("loss", Figures.Metric(report.TrainLoss));
        double? loss = report.Validation.FirstOrDefault()?.Value;
        foreach ((int index, MetricValue metric) in report.Validation.Index())
        {
            if (index == 0 || metric.Name != "mse" || metric.Value != loss)
            {
                yield return (index == 0 ? $"validation {metric.Name}" : metric.Name, Figures.Metric(metric.Value));
            }
        }
    }
}
