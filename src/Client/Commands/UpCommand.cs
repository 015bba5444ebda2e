using System.CommandLine;

using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer up</c>.</summary>
internal static class UpCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<int?> silos = Flags.Integer("--silos", "N", 1, Flags.MaximumSilos, "Silo processes. Default: 2.");
        Option<int?> threads = Flags.Threads();
        Option<string?> cluster = Flags.Cluster("The cluster. Default: 'default'.");
        Option<bool> noResume = Flags.Switch(
            "--no-resume", "Leave runs alone that were cut off when the cluster of this name ended.");
        var command = new DocumentedCommand(
            "up",
            "Start a cluster of silo processes on this host and leave it running.",
            "trainer up",
            "trainer up --silos 4 --threads 2 --cluster night",
            "trainer up --no-resume")
        {
            silos, threads, cluster, noResume,
        };
        command.SetAction(result => CommandRunner.RunAsync(async cancellationToken =>
        {
            int count = result.GetValue(silos) ?? ClusterLifecycle.DefaultSilos;
            ClusterFolder folder = ClusterLifecycle.Folder(result.GetValue(cluster));
            IReadOnlyList<SiloStateFile> started = await ClusterLifecycle.UpAsync(
                folder, count, result.GetValue(threads) ?? ClusterLifecycle.DefaultThreads(count), cancellationToken);
            SiloTable.Write(result.InvocationConfiguration.Output, folder.Name, started);
            if (!result.GetValue(noResume))
            {
                var view = new PlainView(TextWriter.Null, result.InvocationConfiguration.Error);
                await new LostRuns(folder, view, TimeProvider.System).ResumeAsync(cancellationToken);
            }

            return ExitCode.Done;
        }));
        return command;
    }
}
