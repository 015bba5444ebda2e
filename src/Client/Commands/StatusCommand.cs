using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

using Trainer.Cluster;
using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary>
/// <c>trainer status</c>: reads files only, so it answers whatever became of the silos (decision 0002).
/// </summary>
internal static partial class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string?> cluster = Flags.Cluster("The cluster. Default: 'default'.");
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "status",
            "Show the silos, unfinished jobs and sweeps of a cluster.",
            "trainer status",
            "trainer status --cluster night --json")
        {
            cluster, json,
        };
        command.SetAction(result => CommandRunner.RunAsync(_ =>
        {
            Write(
                result.InvocationConfiguration.Output,
                ClusterLifecycle.Folder(result.GetValue(cluster)),
                result.GetValue(json));
            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    private static void Write(TextWriter output, ClusterFolder folder, bool json)
    {
        _ = folder.ReadCluster() ?? throw ClusterUnreachableException.NotRunning(folder.Name);
        IReadOnlyList<SiloStateFile> silos = folder.ReadSilos();
        IReadOnlyList<JobStateFile> jobs = folder.ReadUnfinishedJobs();
        IReadOnlyList<SweepStateFile> sweeps = folder.ReadUnfinishedSweeps();
        if (json)
        {
            var status = new ClusterStatus(
                folder.Name,
                null,
                [.. silos.Select(ToStatus)],
                [.. jobs.Select(ToStatus)],
                [.. sweeps.Select(ToStatus)]);
            output.WriteLine(JsonSerializer.Serialize(status, StatusJson.Default.ClusterStatus));
            return;
        }

        SiloTable.Write(output, folder.Name, silos);
        if (!silos.Any(silo => silo.IsAlive))
        {
            output.WriteLine("  No silo lives; 'trainer up' starts the cluster again, 'trainer down' clears up.");
        }

        output.WriteLine(jobs.Count == 0 ? "No job is running." : "Jobs");
        foreach (JobStateFile job in jobs)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {job.Id}  {job.State}  epoch {job.Epoch}  step {job.Step}  {job.Folder}"));
            if (job.CheckpointError is { } error)
            {
                output.WriteLine($"    {error}");
            }
        }

        if (sweeps.Count > 0)
        {
            output.WriteLine("Sweeps");
        }

        foreach (SweepStateFile sweep in sweeps)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {sweep.Id}  {sweep.State}  trials {sweep.Ended}/{sweep.Trials}  {sweep.Folder}"));
        }
    }

    private static SiloStatus ToStatus(SiloStateFile silo) =>
        new(silo.Name, silo.Process.Pid, silo.SiloPort, silo.GatewayPort, silo.State);

    private static JobStatus ToStatus(JobStateFile job) => new(
        job.Id, job.Name, job.State, job.Epoch, job.Step, job.Version, job.Incarnation, job.Plane, job.Grains,
        job.Stragglers);

    private static SweepStatus ToStatus(SweepStateFile sweep) => new(
        sweep.Id, sweep.Name, sweep.State, sweep.Started, sweep.Ended, sweep.Trials, sweep.Best);

    // The contract of `status --json`.
    private sealed record ClusterStatus(
        string Cluster, string? Page, IReadOnlyList<SiloStatus> Silos, IReadOnlyList<JobStatus> Jobs,
        IReadOnlyList<SweepStatus> Sweeps);

    private sealed record SiloStatus(string Name, int Pid, int SiloPort, int GatewayPort, string State);

    private sealed record JobStatus(
        string Id, string Name, string State, int Epoch, long Step, long Version, int Incarnation, string Plane,
        IReadOnlyList<GrainLocation> Grains, IReadOnlyList<string> Stragglers);

    private sealed record SweepStatus(
        string Id, string Name, string State, int Started, int Ended, int Trials, SweepBest? Best);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(ClusterStatus))]
    private sealed partial class StatusJson : JsonSerializerContext;
}
