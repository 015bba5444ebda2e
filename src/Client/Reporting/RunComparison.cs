using System.Text.Json.Nodes;

using Trainer.Jobs;

namespace Trainer.Reporting;

/// <summary>Two runs side by side.</summary>
/// <param name="A">The first run.</param>
/// <param name="B">The second run.</param>
/// <param name="Job">Keys of the job file whose values differ, by path; null where a run has no such key.</param>
/// <param name="Metrics">Metrics of the final models as <c>part.metric</c>.</param>
/// <param name="Figures">Other figures of the summaries by their key.</param>
internal sealed record RunComparison(
    ComparedRun A,
    ComparedRun B,
    IReadOnlyList<Compared<JsonNode>> Job,
    IReadOnlyList<Compared<double?>> Metrics,
    IReadOnlyList<Compared<double?>> Figures)
{
    private static readonly string[] Parts = ["train", "validation", "test", "mean"];

    private static readonly string[] FigureKeys =
    [
        "epochs", "best_epoch", "steps", "parameters", "rows_per_second", "wall_seconds", "silos", "threads", "workers",
        "logical_shards",
    ];

    /// <summary>Whether the models have the same bits; null when one of them has no model.</summary>
    public bool? SameWeights => Same(A.Summary?.WeightsSha256, B.Summary?.WeightsSha256);

    /// <summary>Whether they were trained on the same bytes; null when unknown.</summary>
    public bool? SameData => Same(A.Summary?.DataSha256, B.Summary?.DataSha256);

    /// <summary>Reads and compares two runs.</summary>
    /// <exception cref="Errors.ConfigurationException">A run's <c>job.yaml</c> is no job file.</exception>
    public static RunComparison Create(RunReference a, RunReference b)
    {
        ComparedRun left = ComparedRun.Read(a);
        ComparedRun right = ComparedRun.Read(b);
        return new RunComparison(
            left,
            right,
            [.. Pair(left.Job, right.Job, value => value).Where(key => !JsonNode.DeepEquals(key.A, key.B))],
            [.. Parts.SelectMany(part => Pair(left.Metrics(part), right.Metrics(part), value => (double?)value))],
            [
                .. FigureKeys
                    .Select(key => new Compared<double?>(key, left.Summary?.Figure(key), right.Summary?.Figure(key)))
                    .Where(figure => figure.A is not null || figure.B is not null),
            ]);
    }

    private static bool? Same(string? a, string? b) => a is null || b is null ? null : a == b;

    // The keys of the first in its order, then those that only the second has.
    private static IEnumerable<Compared<TResult>> Pair<T, TResult>(
        IReadOnlyList<KeyValuePair<string, T>> a, IReadOnlyList<KeyValuePair<string, T>> b, Func<T, TResult> result)
    {
        Dictionary<string, T> left = new(a);
        Dictionary<string, T> right = new(b);
        return a.Concat(b)
            .Select(pair => pair.Key)
            .Distinct()
            .Select(key => new Compared<TResult>(key, Find(left, key), Find(right, key)));

        TResult? Find(Dictionary<string, T> values, string key) =>
            values.TryGetValue(key, out T? value) ? result(value) : default;
    }
}

/// <summary>A value of two runs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="A">The first run's.</param>
/// <param name="B">The second run's.</param>
internal sealed record Compared<T>(string Name, T? A, T? B);

/// <summary>One of two runs that are compared.</summary>
/// <param name="Run">The run.</param>
/// <param name="Job">Every key of its job by path, lists and values as they are.</param>
/// <param name="Summary">How it ended; null when it has not.</param>
internal sealed record ComparedRun(
    RunReference Run, IReadOnlyList<KeyValuePair<string, JsonNode>> Job, SummaryFile? Summary)
{
    /// <summary>What stands for a key without a value, which is not the same as no such key.</summary>
    public const string None = "null";

    /// <summary>How it ended.</summary>
    public string Status => Summary?.Status ?? "no summary";

    /// <summary>Reads it.</summary>
    public static ComparedRun Read(RunReference run)
    {
        JobSpec job = JobFile.Parse(File.ReadAllText(run.JobPath), run.JobPath);
        return new ComparedRun(
            run,
            [.. Flatten(JsonNode.Parse(JobFile.ToJson(job)), "")],
            SummaryFile.TryRead(run.SummaryPath));
    }

    /// <summary>Metrics of a part as <c>part.metric</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics(string part) =>
    [
        .. (Summary?.Metrics(part) ?? []).Select(metric => KeyValuePair.Create($"{part}.{metric.Key}", metric.Value)),
    ];

    private static IEnumerable<KeyValuePair<string, JsonNode>> Flatten(JsonNode? node, string path) =>
        node is JsonObject map
        ? map.SelectMany(pair => Flatten(pair.Value, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}"))
        : [KeyValuePair.Create(path, node ?? JsonValue.Create(None))];
}
