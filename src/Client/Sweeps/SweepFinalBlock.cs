using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>What stays on the screen when a sweep has ended: counts, the best trial, how to run it again.</summary>
internal static class SweepFinalBlock
{
    /// <summary>The lines.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="workingDirectory">Folders below it are shown relative to it.</param>
    public static IEnumerable<string> Lines(SweepFolder sweep, SweepOutcome outcome, string workingDirectory)
    {
        string wall = double.IsFinite(outcome.WallSeconds) ? $" in {Figures.Seconds(outcome.WallSeconds)}" : "";
        yield return $"{SweepStatus.NameOf(outcome.State)}: {Figures.Count(outcome.Table.Ended, "trial")}{wall}: "
            + TrialText.Counts(outcome.Table, isOver: true);
        foreach (string line in Best(sweep, outcome.Table, workingDirectory))
        {
            yield return line;
        }

        yield return $"folder  {FinalBlock.ShortPath(sweep.Reference.Folder, workingDirectory)}";
        if (DepthTable.Of(outcome.Table) is { } depth)
        {
            yield return "";
            foreach (string line in depth.Lines(sweep.File.Sweep.Metric))
            {
                yield return line;
            }
        }
    }

    /// <summary>The best trial with the command that trains it again; nothing while there is none.</summary>
    public static IEnumerable<string> Best(SweepFolder sweep, SweepTable table, string workingDirectory)
    {
        if (table.Best is not { } best)
        {
            yield break;
        }

        string value = TrialText.Value(best);
        string repeats = best.Values.Length > 1 ? $" (mean of {best.Values.Length} seeds, 95 % interval)" : "";
        yield return $"best    trial {best.Number}: {sweep.File.Sweep.Metric} {value}{repeats}";
        yield return $"again   {Command(sweep, best, workingDirectory)}";
    }

    private static string Command(SweepFolder sweep, TrialRow best, string workingDirectory) =>
        TrialText.Command(FinalBlock.ShortPath(sweep.Reference.JobPath, workingDirectory), best);
}
