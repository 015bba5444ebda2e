using System.CommandLine;

using Trainer.Cluster;
using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary><c>trainer scale</c>.</summary>
internal static class ScaleCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<int> silos = Flags.IntegerArgument(
            "N", 1, Flags.MaximumSilos, "Silos wanted; killed ones are replaced.");
        Option<string?> cluster = Flags.Cluster("The cluster. Default: 'default'.");
        var command = new DocumentedCommand(
            "scale",
            "Add silos to a running cluster, or drain some gracefully.",
            "trainer scale 4",
            "trainer scale 1 --cluster night")
        {
            silos, cluster,
        };
        command.SetAction(result => CommandRunner.RunAsync(async cancellationToken =>
        {
            ClusterFolder folder = ClusterLifecycle.Folder(result.GetValue(cluster));
            SiloTable.Write(
                result.InvocationConfiguration.Output,
                folder.Name,
                await ClusterLifecycle.ScaleAsync(folder, result.GetRequiredValue(silos), cancellationToken));
            return ExitCode.Done;
        }));
        return command;
    }
}
