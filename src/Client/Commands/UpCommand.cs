using System.CommandLine;

using Trainer.Cluster;
using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary><c>trainer up</c>.</summary>
internal static class UpCommand
{
    private const int DefaultSilos = 2;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<int?> silos = Flags.Integer(
            "--silos", "N", 1, Flags.MaximumSilos, $"Silo processes. Default: {DefaultSilos}.");
        Option<int?> threads = Flags.Threads();
        Option<string?> cluster = ClusterOptions.Cluster();
        var command = new DocumentedCommand(
            "up",
            "Start a cluster of silo processes here and leave it running.",
            "trainer up",
            "trainer up --silos 4 --threads 2 --cluster night");
        command.Options.Add(silos);
        command.Options.Add(threads);
        command.Options.Add(cluster);
        command.SetAction(result => CommandRunner.RunAsync(cancellationToken => RunAsync(
            result.GetRequiredValue(cluster)!,
            result.GetValue(silos) ?? DefaultSilos,
            result.GetValue(threads), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string name, int silos, int? threads, CancellationToken cancellationToken)
    {
        ClusterFolder folder = ClusterLifecycle.Folder(name);
        IReadOnlyList<SiloStateFile> started = await ClusterLifecycle.UpAsync(
            folder, silos, threads ?? ClusterLifecycle.DefaultThreads(silos), cancellationToken);
        SiloTable.Write(Console.Out, name, started);
        return ExitCode.Done;
    }
}
