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
        Option<string?> cluster = ClusterOptions.Cluster();
        var command = new DocumentedCommand(
            "scale",
            "Add silos to a running cluster, or drain some gracefully.",
            "trainer scale 4",
            "trainer scale 1 --cluster night");
        command.Arguments.Add(silos);
        command.Options.Add(cluster);
        command.SetAction(result => CommandRunner.RunAsync(cancellationToken => RunAsync(
            result.GetRequiredValue(cluster)!, result.GetRequiredValue(silos), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string name, int silos, CancellationToken cancellationToken)
    {
        ClusterFolder folder = ClusterLifecycle.Folder(name);
        SiloTable.Write(Console.Out, name, await ClusterLifecycle.ScaleAsync(folder, silos, cancellationToken));
        return ExitCode.Done;
    }
}
