using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Data;
using Trainer.Jobs;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>Where a job runs, as its header says.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="IsOwn">Whether it ends with the job.</param>
/// <param name="Silos">Silo processes; 0 inside the client.</param>
/// <param name="Threads">Compute threads of each silo.</param>
internal sealed record RunPlacement(string Cluster, bool IsOwn, int Silos, int Threads);

/// <summary>The header of a run: everything that decides its result, defaults and seed included.</summary>
internal static class TrainHeader
{
    /// <summary>The header of a run that begins.</summary>
    public static RunHeader Of(RunEntry run, PreparedJob job, RunPlacement placement)
    {
        JobPlan plan = job.Plan;
        int workers = plan.Workers(Math.Max(1, placement.Silos));
        long parameters = new ParameterLayout(plan.Architecture).ParameterCount;
        (string, string)[] lines =
        [
            ("run", run.Id),
            ("folder", FinalBlock.ShortPath(run.Folder, Directory.GetCurrentDirectory())),
            ("data", DataLine(job)),
            ("network", NetworkLine(plan, parameters)),
            ("training", TrainingLine(plan)),
            ("optimizer", OptimizerLine(plan.Job.Optimizer)),
            ("cluster", ClusterLine(placement, workers)),
        ];
        return new RunHeader(lines, Fields(run, job, placement, workers, parameters));
    }

    private static string DataLine(PreparedJob job)
    {
        DataPlan data = job.Data;
        IEnumerable<string> rows = Enum.GetValues<DataPart>()
            .Where(part => data.Rows(part) > 0)
            .Select(part => $"{Figures.Count(data.Rows(part))} {NameOf(part)}");
        ImmutableArray<string> classes = data.Pipeline.ClassNames;
        string target = classes.Length > 0 ? $"{classes.Length} classes" : Figures.Count(data.Outputs, "target");
        return $"{data.Request.Source.Name}: {string.Join(" + ", rows)} rows, {Figures.Count(data.Inputs, "feature")}, {target}";
    }

    private static string NetworkLine(JobPlan plan, long parameters)
    {
        MlpArchitecture network = plan.Architecture;
        string widths = string.Join('-', (int[])[network.Inputs, .. network.Hidden, network.Outputs]);
        string hidden = network.Hidden.Length > 0 ? $", {Snake(network.Activation)}" : "";
        return $"{widths}{hidden}, {Snake(network.OutputUnit)}, {Snake(network.Loss)}; {Figures.Count(parameters, "parameter")}";
    }

    private static string TrainingLine(JobPlan plan) =>
        $"{Figures.Count(plan.Job.Training.Epochs, "epoch")} of {Figures.Count(plan.Shards.StepsPerEpoch, "step")}, "
        + $"batch {Figures.Count(plan.Shards.BatchSize)}, {Figures.Count(plan.Shards.Count, "logical shard")}, seed {plan.Job.Seed}";

    // As in the job file: name first, then the other keys.
    private static string OptimizerLine(OptimizerSpec optimizer)
    {
        JsonObject keys = JsonSerializer.SerializeToNode(optimizer, JobStateFile.Json)!.AsObject();
        return string.Join(", ", keys.Select(key => key.Key == "name" ? $"{key.Value}" : $"{key.Key} {key.Value}"));
    }

    private static string ClusterLine(RunPlacement placement, int workers)
    {
        string where = placement switch
        {
            { Silos: 0 } => "one silo in this process",
            { IsOwn: true } => $"own, {Figures.Count(placement.Silos, "silo")}",
            _ => $"'{placement.Cluster}', {Figures.Count(placement.Silos, "silo")}",
        };
        return $"{where}, {Figures.Count(placement.Threads, "thread")} each, {Figures.Count(workers, "worker")}, "
            + $"kernel {KernelId.Float32}";
    }

    private static JsonObject Fields(RunEntry run, PreparedJob job, RunPlacement placement, int workers, long parameters) => new()
    {
        ["id"] = run.Id,
        ["name"] = job.Plan.Job.Name,
        ["seed"] = job.Plan.Job.Seed,
        ["folder"] = run.Folder,
        ["cluster"] = run.Cluster,
        ["silos"] = placement.Silos,
        ["threads"] = placement.Threads,
        ["workers"] = workers,
        ["logical_shards"] = job.Plan.Shards.Count,
        ["rows"] = new JsonObject(Enum.GetValues<DataPart>()
            .Select(part => KeyValuePair.Create(NameOf(part), (JsonNode?)JsonValue.Create(job.Data.Rows(part))))),
        ["features"] = job.Data.Inputs,
        ["outputs"] = job.Data.Outputs,
        ["parameters"] = parameters,
        ["batch_size"] = job.Plan.Shards.BatchSize,
        ["epochs"] = job.Plan.Job.Training.Epochs,
        ["steps"] = job.Plan.TotalSteps,
        ["kernel"] = KernelId.Float32,
    };

    private static string NameOf(DataPart part) => part.ToString().ToLowerInvariant();

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
