using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trainer.Reporting;

/// <summary>The content of a run's <c>summary.json</c>.</summary>
internal sealed class SummaryFile
{
    private readonly JsonObject _content;

    private SummaryFile(JsonObject content) => _content = content;

    /// <summary>completed, failed, diverged or cancelled.</summary>
    public string Status => Text("status") ?? "failed";

    /// <summary>One line when it failed or diverged.</summary>
    public string? Error => Text("error");

    /// <summary>Epochs completed.</summary>
    public int Epochs => (int)(Number(_content["epochs"]) ?? 0);

    /// <summary>Steps completed.</summary>
    public long Steps => (long)(Number(_content["steps"]) ?? 0);

    /// <summary>The epoch whose weights the model has; null when it is simply the last one.</summary>
    public int? BestEpoch => (int?)Number(_content["best_epoch"]);

    /// <summary>Training rows a second.</summary>
    public double RowsPerSecond => Number(_content["rows_per_second"]) ?? 0;

    /// <summary>Wall time.</summary>
    public double WallSeconds => Number(_content["wall_seconds"]) ?? 0;

    /// <summary>SHA-256 of the parameters; null without a model.</summary>
    public string? WeightsSha256 => Text("weights_sha256");

    /// <summary>SHA-256 of the data; null when unknown.</summary>
    public string? DataSha256 => Text("data_sha256");

    /// <summary>A number by its key at the top of the file; null when there is none.</summary>
    public double? Figure(string key) => Number(_content[key]);

    /// <summary>Reads the content of a summary.</summary>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static SummaryFile Parse(string json) =>
        JsonNode.Parse(json) is JsonObject content
            ? new(content)
            : throw new JsonException("A summary is a JSON object.");

    /// <summary>Reads a file; null when it does not exist or is no summary.</summary>
    public static SummaryFile? TryRead(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A copy of the whole content.</summary>
    public JsonObject ToJson() => _content.DeepClone().AsObject();

    /// <summary>Metrics of a part in the order of the file; empty for a part that was not evaluated.</summary>
    /// <param name="part">train, validation or test.</param>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics(string part) => Numbers(_content[part]);

    /// <summary>Metrics of each baseline in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<KeyValuePair<string, double>>>> Baselines() =>
    [
        .. (_content["baselines"] as JsonObject ?? [])
            .Select(baseline => KeyValuePair.Create(baseline.Key, Numbers(baseline.Value))),
    ];

    private static IReadOnlyList<KeyValuePair<string, double>> Numbers(JsonNode? node) =>
    [
        .. (node as JsonObject ?? [])
            .Select(pair => (pair.Key, Value: Number(pair.Value)))
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.GetValueOrDefault())),
    ];

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private string? Text(string key) =>
        _content[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
