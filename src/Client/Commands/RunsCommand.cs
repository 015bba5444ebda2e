using System.CommandLine;

using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Reporting;

namespace Trainer.Commands;

/// <summary><c>trainer runs</c>.</summary>
internal static class RunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "runs",
            "Lists all runs of this user with their state, the newest last.",
            "trainer runs",
            "trainer runs --json")
        {
            json,
        };
        command.SetAction(result => CommandRunner.RunAsync(_ =>
        {
            TrainerHome home = TrainerHome.Current;
            IEnumerable<RunStatus> runs = new RunIndex(home).List()
                .Select(entry => RunStatus.Of(entry, home, ClusterHandle.IsRunning));
            IEnumerable<string> lines = result.GetValue(json)
                ? runs.Select(RunList.JsonLine)
                : RunList.Lines([.. runs], Directory.GetCurrentDirectory());
            foreach (string line in lines)
            {
                Console.WriteLine(line);
            }

            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }
}
