using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;

namespace Trainer.Commands;

/// <summary><c>trainer runs</c>: lists the runs.</summary>
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
}
