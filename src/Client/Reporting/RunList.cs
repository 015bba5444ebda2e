using System.Globalization;
using System.Text.Json.Nodes;

namespace Trainer.Reporting;

/// <summary>The list of runs.</summary>
internal static class RunList
{
    private static readonly string[] Telling = ["accuracy", "r2", "loss"];

    /// <summary>A table, or a line that says there is nothing in it.</summary>
    /// <param name="runs">The runs, newest last.</param>
    /// <param name="workingDirectory">Folders below it are shown relative to it.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<RunStatus> runs, string workingDirectory) => runs.Count == 0
        ? ["no runs yet; 'trainer train JOB' starts one"]
        : TextTable.Lines(
            [
                ["id", "state", "epochs", "test", "started", "resumes after", "folder"],
                .. runs.Select(run => (string[])
                [
                    run.Entry.Id,
                    run.State,
                    run.Epochs is { } epochs ? Figures.Count(epochs) : "-",
                    TestMetric(run),
                    run.Entry.Started.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    run.ResumesAfter is { } step ? $"step {Figures.Count(step)}" : "-",
                    FinalBlock.ShortPath(run.Entry.Folder, workingDirectory),
                ]),
            ],
            column => column == 2);

    /// <summary>A run as a JSON object.</summary>
    public static string JsonLine(RunStatus run) => JsonEvents.Line(new JsonObject
    {
        ["id"] = run.Entry.Id,
        ["state"] = run.State,
        ["epochs"] = run.Epochs,
        ["test"] = run.Summary?.Metrics("test") is { Count: > 0 } metrics
            ? new JsonObject(metrics.Select(metric => KeyValuePair.Create(metric.Key, JsonEvents.Number(metric.Value))))
            : null,
        ["resumes_after_step"] = run.ResumesAfter,
        ["folder"] = run.Entry.Folder,
        ["cluster"] = run.Entry.Cluster,
        ["started"] = run.Entry.Started.ToString("O", CultureInfo.InvariantCulture),
    });

    // The one figure that says most about a model of its kind.
    private static string TestMetric(RunStatus run)
    {
        // With folds there is no test part.
        IReadOnlyList<KeyValuePair<string, double>> metrics =
            run.Summary?.Metrics("test") is { Count: > 0 } test ? test : run.Summary?.Metrics("mean") ?? [];
        return Telling
            .SelectMany(name => metrics.Where(metric => metric.Key == name))
            .Select(metric => $"{metric.Key} {Figures.Metric(metric.Value)}")
            .FirstOrDefault("-");
    }
}
