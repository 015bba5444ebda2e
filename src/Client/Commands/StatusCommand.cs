using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

using Trainer.Cluster;
using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary><c>trainer status</c>: reads files only, so it answers whatever became of the silos (decision 0002).</summary>
internal static partial class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> cluster = ClusterOptions.Cluster();
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "status",
            "Show the silos, unfinished jobs and sweeps of a cluster.",
            "trainer status",
            "trainer status --cluster night --json");
        command.Options.Add(cluster);
        command.Options.Add(json);
        command.SetAction(result => CommandRunner.RunAsync(
            _ => Task.FromResult(Run(result.GetRequiredValue(cluster)!, result.GetValue(json)))));
        return command;
    }

    private static int Run(string name, bool json)
    {
        ClusterFolder folder = ClusterLifecycle.Folder(name);
        _ = folder.ReadCluster() ?? throw ClusterUnreachableException.NotRunning(name);
        IReadOnlyList<SiloStateFile> silos = folder.ReadSilos();
        IReadOnlyList<JobStateFile> jobs = folder.ReadUnfinishedJobs();
        if (json)
        {
            var status = new ClusterStatus(name, null, [.. silos.Select(ToStatus)], [.. jobs.Select(ToStatus)], []);
            Console.Out.WriteLine(JsonSerializer.Serialize(status, StatusJson.Default.ClusterStatus));
            return ExitCode.Done;
        }

        SiloTable.Write(Console.Out, name, silos);
        if (!silos.Any(silo => silo.IsAlive))
        {
            Console.Out.WriteLine("  No silo lives; 'trainer up' starts the cluster again, 'trainer down' clears up.");
        }

        Console.Out.WriteLine(jobs.Count == 0 ? "No job is running." : "Jobs");
        foreach (JobStateFile job in jobs)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {job.Id}  {job.State}  epoch {job.Epoch}  step {job.Step}  {job.Folder}"));
        }

        return ExitCode.Done;
    }

    private static SiloStatus ToStatus(SiloStateFile silo) =>
        new(silo.Name, silo.Process.Pid, silo.SiloPort, silo.GatewayPort, silo.CurrentState);

    private static JobStatus ToStatus(JobStateFile job) => new(
        job.Id, job.Name, job.State, job.Epoch, job.Step, job.Version, job.Incarnation, job.Plane, job.Grains, job.Stragglers);

    // The contract of `status --json`.
    private sealed record ClusterStatus(
        string Cluster, string? Page, IReadOnlyList<SiloStatus> Silos, IReadOnlyList<JobStatus> Jobs, IReadOnlyList<string> Sweeps);

    private sealed record SiloStatus(string Name, int Pid, int SiloPort, int GatewayPort, string State);

    private sealed record JobStatus(
        string Id, string Name, string State, int Epoch, long Step, long Version, int Incarnation, string Plane,
        IReadOnlyList<GrainLocation> Grains, IReadOnlyList<string> Stragglers);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(ClusterStatus))]
    private sealed partial class StatusJson : JsonSerializerContext;
}
