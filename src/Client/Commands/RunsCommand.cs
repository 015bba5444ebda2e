using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;

namespace Trainer.Commands;

/// <summary><c>trainer runs</c>: lists the runs, and compares two of them.</summary>
internal static class RunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<bool> json = Flags.Json("Print one JSON object a run on standard output, nothing else.");
        var runs = new DocumentedCommand(
            "runs", "List this user's runs with their state, the newest last.", "trainer runs", "trainer runs --json")
        {
            json,
        };
        runs.Subcommands.Add(CreateCompare());
        runs.SetAction(result => CommandRunner.RunAsync(async _ =>
        {
            TrainerHome home = TrainerHome.Current;
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            RunStatus[] found =
            [
                .. new RunIndex(home).List().Select(entry => RunStatus.Of(entry, home, now)),
            ];
            IEnumerable<string> lines = result.GetValue(json)
                ? found.Select(RunList.JsonLine)
                : RunList.Lines(found, Directory.GetCurrentDirectory());
            foreach (string line in lines)
            {
                await result.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return ExitCode.Done;
        }));
        return runs;
    }

    private static Command CreateCompare()
    {
        Argument<string> a = Flags.Argument("A", "A run: its id, or its folder.");
        Argument<string> b = Flags.Argument("B", "The run to compare it with.");
        Option<bool> json = Flags.Json();
        var compare = new DocumentedCommand(
            "compare",
            "Show two runs side by side: job, metrics, speed, weights.",
            "trainer runs compare digits-0001 digits-0002",
            "trainer runs compare runs/heart-0001 /data/old/heart-0001 --json")
        {
            a, b, json,
        };
        compare.SetAction(result => CommandRunner.RunAsync(
            async _ =>
            {
                TrainerHome home = TrainerHome.Current;
                var comparison = RunComparison.Create(
                    RunReference.Resolve(result.GetRequiredValue(a), home),
                    RunReference.Resolve(result.GetRequiredValue(b), home));
                await result.InvocationConfiguration.Output.WriteLineAsync(
                    result.GetValue(json)
                        ? RunComparisonReport.ToJson(comparison)
                        : RunComparisonReport.ToText(comparison));
                return ExitCode.Done;
            },
            result.InvocationConfiguration.Error));
        return compare;
    }
}
