using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>How far a sweep is, for people and programs.</summary>
internal static class SweepStatusReport
{
    /// <summary>The lines.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="live">What its grain says; null when it does not run: then its files count.</param>
    /// <param name="json">One JSON object instead.</param>
    public static IEnumerable<string> Lines(SweepReference sweep, SweepProgress? live, bool json)
    {
        SweepFolder folder = SweepFolder.Read(sweep);
        SweepTable table = live is null ? folder.Table : new SweepTable(folder.File.Goal, live.Changed);
        int trials = live?.Trials ?? folder.File.Sweep.Trials;
        string state = live is { } now ? SweepStatus.NameOf(now.State)
            : folder.Status ?? (sweep.Entry is { } entry
                ? SweepStatus.Of(entry, TrainerHome.Current, TimeProvider.System.GetUtcNow()).State
                : SweepStatus.Lost);
        if (json)
        {
            return
            [
                JsonEvents.Line(new JsonObject
                {
                    ["sweep"] = sweep.Id,
                    ["state"] = state,
                    ["trials"] = trials,
                    ["started"] = table.Trials.Count,
                    ["ended"] = table.Ended,
                    ["counts"] = SweepEvents.Counts(table),
                    ["best"] = SweepEvents.Best(table),
                    ["folder"] = sweep.Folder,
                    ["cluster"] = sweep.Entry?.Cluster,
                }),
            ];
        }

        string directory = Directory.GetCurrentDirectory();
        return
        [
            $"sweep   {sweep.Id}, {state}",
            $"trials  {Figures.Count(table.Ended)}/{Figures.Count(trials)}: {TrialText.Counts(table)}",
            .. SweepFinalBlock.Best(folder, table, directory),
            $"folder  {FinalBlock.ShortPath(sweep.Folder, directory)}",
        ];
    }
}
