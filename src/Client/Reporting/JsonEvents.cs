using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>The events of <c>--json</c>: one JSON object a line.</summary>
internal static class JsonEvents
{
    // Names of people and folders as they are: the line is never put into a web page.
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The run begins, or a view of it.</summary>
    public static string Started(RunHeader header) => Event("started", header.Fields);

    /// <summary>An epoch has ended.</summary>
    public static string Epoch(EpochReport report)
    {
        JsonObject fields = Fields(report);
        if (report.Folds > 0)
        {
            fields.Insert(0, "fold", report.Fold);
        }

        return Event("epoch", fields);
    }

    /// <summary>An epoch as a line of <c>metrics.jsonl</c> tells it; null when the line is torn.</summary>
    public static string? Epoch(string metricsLine)
    {
        try
        {
            return JsonNode.Parse(metricsLine) is JsonObject fields ? Event("epoch", fields) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The run has ended.</summary>
    public static string Finished(RunReference run, RunOutcome outcome) => Event(
        "finished",
        outcome.Summary?.ToJson()
            ?? new JsonObject { ["id"] = run.Id, ["status"] = outcome.Status, ["error"] = outcome.Error });

    /// <summary>One line of JSON.</summary>
    public static string Line(JsonObject content) => content.ToJsonString(Plain);

    /// <summary>A number; null for what JSON cannot say.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonObject Fields(EpochReport report) => new()
    {
        ["epoch"] = report.Epoch,
        ["step"] = report.Step,
        ["train_loss"] = Number(report.TrainLoss),
        ["validation"] = new JsonObject(
            report.Validation.Select(metric => KeyValuePair.Create(metric.Name, Number(metric.Value)))),
        ["rows_per_second"] = Number(report.RowsPerSecond),
        ["seconds"] = Number(report.Seconds),
    };

    private static string Event(string name, JsonObject fields)
    {
        var line = new JsonObject { ["event"] = name };
        foreach ((string key, JsonNode? value) in fields)
        {
            line[key] = value?.DeepClone();
        }

        return Line(line);
    }
}
