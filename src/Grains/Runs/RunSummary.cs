using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Runs;

/// <summary>Collects what <c>summary.json</c> says of a run.</summary>
internal sealed class RunSummary
{
    private static readonly JsonSerializerOptions Indented = new(JobStateFile.Json) { WriteIndented = true };

    /// <summary>Epochs completed.</summary>
    public int Epochs { get; set; }

    /// <summary>Steps completed.</summary>
    public long Steps { get; set; }

    /// <summary>Steps whose batch was skipped for a NaN or an infinity.</summary>
    public long SkippedSteps { get; set; }

    /// <summary>The epoch whose weights the model has, from 1; null before the first.</summary>
    public int? BestEpoch { get; set; }

    /// <summary>Training ended before the last epoch because the metric no longer improved.</summary>
    public bool StoppedEarly { get; set; }

    /// <summary>Parameters of the network.</summary>
    public long Parameters { get; set; }

    /// <summary>Metrics by part: train, validation, test; absent where not evaluated.</summary>
    public Dictionary<string, IReadOnlyList<MetricValue>> Parts { get; } = [];

    /// <summary>The folds of a cross-validation; empty without one.</summary>
    public IReadOnlyList<FoldResult> Folds { get; set; } = [];

    /// <summary>Training rows over the time in training steps.</summary>
    public double RowsPerSecond { get; set; }

    /// <summary>Wall time of the job.</summary>
    public double WallSeconds { get; set; }

    /// <summary>SHA-256 of the parameters; null without a model.</summary>
    public string? WeightsSha256 { get; set; }

    /// <summary>The summary as indented JSON.</summary>
    /// <param name="submission">What the client handed in.</param>
    /// <param name="plan">The job's plan.</param>
    /// <param name="dataSha256">SHA-256 of the data source.</param>
    /// <param name="crew">Who worked; null when it never started.</param>
    /// <param name="threads">Compute threads of each silo.</param>
    /// <param name="state">How the job ended.</param>
    /// <param name="error">One line when it failed or diverged.</param>
    public string ToJson(
        JobSubmission submission,
        JobPlan plan,
        string dataSha256,
        JobCrew? crew,
        int threads,
        JobState state,
        string? error)
    {
        var summary = new JsonObject
        {
            ["id"] = submission.JobId,
            ["name"] = plan.Job.Name,
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()),
            ["error"] = error,
            ["epochs"] = Epochs,
            ["steps"] = Steps,
            ["best_epoch"] = BestEpoch,
            ["stopped_early"] = StoppedEarly,
            ["parameters"] = Parameters,
            ["train"] = Metrics("train"),
            ["validation"] = Metrics("validation"),
            ["test"] = Metrics("test"),
            ["baselines"] = JsonNode.Parse(submission.Baselines),
            ["rows_per_second"] = RowsPerSecond,
            ["wall_seconds"] = WallSeconds,
            ["seed"] = plan.Job.Seed,
            ["silos"] = submission.SiloProcesses,
            ["threads"] = threads,
            ["workers"] = crew?.Workers.Length ?? 0,
            ["logical_shards"] = plan.Shards.Count,
            ["grains"] = Grains(crew),
            ["kernel"] = plan.Kernel,
            ["weights_sha256"] = WeightsSha256,
            ["data_sha256"] = dataSha256,
        };
        if (plan.Job.OnNonFinite == JobPlan.Skip)
        {
            summary.Insert(summary.IndexOf("steps") + 1, "skipped_steps", SkippedSteps);
        }

        FoldFigures.Add(summary, Folds);
        return summary.ToJsonString(Indented) + "\n";
    }

    private static JsonArray Grains(JobCrew? crew)
    {
        var grains = new JsonArray();
        foreach ((int worker, CrewWorker member) in (crew?.Workers ?? []).Index())
        {
            grains.Add(new JsonObject
            {
                ["silo"] = member.Silo,
                ["worker"] = worker,
                ["logical_shards"] = new JsonArray(
                    [
                        .. Enumerable.Range(member.FirstShard, member.ShardCount)
                            .Select(shard => JsonValue.Create(shard)),
                    ]),
                ["rows"] = member.Rows,
                ["compute_seconds"] = member.ComputeSeconds,
            });
        }

        return grains;
    }

    private JsonObject? Metrics(string part) => Parts.TryGetValue(part, out IReadOnlyList<MetricValue>? values)
        ? new JsonObject(
            values.Select(metric => KeyValuePair.Create(metric.Name, (JsonNode?)JsonValue.Create(metric.Value))))
        : null;
}
