using System.CommandLine;

using Trainer.Cluster;
using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary><c>trainer down</c>.</summary>
internal static class DownCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> cluster = Flags.Cluster("The cluster. Default: 'default'.");
        var command = new DocumentedCommand(
            "down",
            "End a cluster and leave no process behind; its logs stay.",
            "trainer down",
            "trainer down --cluster night")
        {
            cluster,
        };
        command.SetAction(result => CommandRunner.RunAsync(async _ =>
        {
            // Not cancelled by Ctrl-C: half an end is none.
            ClusterFolder folder = ClusterLifecycle.Folder(result.GetValue(cluster));
            int stopped = await ClusterLifecycle.DownAsync(folder);
            await result.InvocationConfiguration.Output.WriteLineAsync(stopped == 0
                ? $"Cluster '{folder.Name}' was not running; what was left of it is removed."
                : $"Cluster '{folder.Name}' ended; {ClusterLifecycle.Count(stopped)} stopped.");
            return ExitCode.Done;
        }));
        return command;
    }
}
