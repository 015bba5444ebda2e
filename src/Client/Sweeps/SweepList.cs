using System.Globalization;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>The list of sweeps.</summary>
internal static class SweepList
{
    /// <summary>A table, or a line that says there is nothing in it.</summary>
    /// <param name="sweeps">The sweeps, newest last.</param>
    /// <param name="workingDirectory">Folders below it are shown relative to it.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<SweepStatus> sweeps, string workingDirectory) =>
        sweeps.Count == 0
            ? ["no sweeps yet; 'trainer sweep FILE' starts one"]
            : TextTable.Lines(
                [
                    ["id", "state", "trials", "best", "started", "folder"],
                    .. sweeps.Select(sweep => (string[])
                    [
                        sweep.Entry.Id,
                        sweep.State,
                        sweep is { Ended: { } ended, Trials: { } all }
                            ? $"{Figures.Count(ended)}/{Figures.Count(all)}"
                            : "-",
                        sweep.Best is { } best ? Figures.Metric(best.Value) : "-",
                        sweep.Entry.Started.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                        FinalBlock.ShortPath(sweep.Entry.Folder, workingDirectory),
                    ]),
                ],
                column => column is 2 or 3);

    /// <summary>A sweep as a JSON object.</summary>
    public static string JsonLine(SweepStatus sweep) => JsonEvents.Line(new JsonObject
    {
        ["id"] = sweep.Entry.Id,
        ["state"] = sweep.State,
        ["ended"] = sweep.Ended,
        ["trials"] = sweep.Trials,
        ["best"] = Best(sweep.Best),
        ["folder"] = sweep.Entry.Folder,
        ["cluster"] = sweep.Entry.Cluster,
        ["started"] = sweep.Entry.Started.ToString("O", CultureInfo.InvariantCulture),
    });

    private static JsonObject? Best(SweepBest? best) => best is null
        ? null
        : new JsonObject { ["number"] = best.Number, ["value"] = JsonEvents.Number(best.Value) };
}
