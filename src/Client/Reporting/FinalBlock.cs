using Trainer.Metrics;

namespace Trainer.Reporting;

/// <summary>What stays on the screen when a run has ended: how, how good next to the baselines, and where.</summary>
internal static class FinalBlock
{
    private const string Mean = "mean";

    // With folds the means of their tests count; a test part is then a file of its own.
    private static readonly string[] Parts = [Mean, "test", "validation", "train"];

    /// <summary>The lines.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="workingDirectory">Folders below it are shown relative to it.</param>
    public static IEnumerable<string> Lines(RunReference run, RunOutcome outcome, string workingDirectory)
    {
        SummaryFile? summary = outcome.Summary;
        yield return summary is null ? outcome.Status : $"{outcome.Status}: {Work(summary)}";
        if (summary is not null && Parts.FirstOrDefault(part => summary.Metrics(part).Count > 0) is { } judged)
        {
            yield return "";
            foreach (string line in TextTable.Lines(Table(summary, judged), column => column > 0))
            {
                yield return line;
            }

            yield return "";
        }

        yield return $"folder          {ShortPath(run.Folder, workingDirectory)}";
        if (summary?.WeightsSha256 is { } sha256)
        {
            yield return $"weights sha256  {sha256}";
        }
    }

    /// <summary>A path as short as it can be typed: relative when it lies below the working directory.</summary>
    public static string ShortPath(string path, string workingDirectory)
    {
        string relative = Path.GetRelativePath(workingDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string Work(SummaryFile summary)
    {
        string work = $"{Figures.Count(summary.Epochs, "epoch")}, {Figures.Count(summary.Steps, "step")} in "
            + $"{Figures.Seconds(summary.WallSeconds)} ({Figures.RowsPerSecond(summary.RowsPerSecond)})";
        return summary.BestEpoch is { } best && best != summary.Epochs ? $"{work}; weights of epoch {best}" : work;
    }

    private static List<string[]> Table(SummaryFile summary, string part)
    {
        IReadOnlyList<KeyValuePair<string, double>> own = summary.Metrics(part);
        string[] names = [.. own.Select(metric => metric.Key).Where(MetricNames.IsHeadline)];
        return
        [
            [part == Mean ? "mean of the folds" : part, .. names],
            ["this run", .. Cells(own, names)],
            .. part == Mean ? Row("standard deviation", "standard_deviation") : [],
            .. summary.Baselines().Select(baseline => (string[])
            [
                baseline.Key.Replace('_', ' '),
                .. Cells(baseline.Value, names),
            ]),
            .. part == Mean && summary.Metrics("test").Count > 0 ? Row("the model, test", "test") : [],
        ];

        string[][] Row(string title, string key) => [[title, .. Cells(summary.Metrics(key), names)]];
    }

    private static IEnumerable<string> Cells(IReadOnlyList<KeyValuePair<string, double>> metrics, string[] names) =>
        names.Select(name => metrics
            .Where(metric => metric.Key == name)
            .Select(metric => Figures.Metric(metric.Value))
            .FirstOrDefault(""));
}
