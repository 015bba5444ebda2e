using System.CommandLine;

using Trainer.Cluster;

namespace Trainer.Commands;

/// <summary><c>trainer down</c>.</summary>
internal static class DownCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> cluster = ClusterOptions.Cluster();
        var command = new DocumentedCommand(
            "down",
            "End a cluster and leave no process behind; its logs stay.",
            "trainer down",
            "trainer down --cluster night");
        command.Options.Add(cluster);
        command.SetAction(result => CommandRunner.RunAsync(_ => RunAsync(result.GetRequiredValue(cluster)!)));
        return command;
    }

    private static async Task<int> RunAsync(string name)
    {
        int stopped = await ClusterLifecycle.DownAsync(ClusterLifecycle.Folder(name));
        Console.Out.WriteLine(stopped == 0
            ? $"Cluster '{name}' was not running; what was left of it is removed."
            : $"Cluster '{name}' ended; {ClusterLifecycle.Count(stopped)} stopped.");
        return ExitCode.Done;
    }
}
