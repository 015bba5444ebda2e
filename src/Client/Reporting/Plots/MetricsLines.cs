using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trainer.Reporting.Plots;

/// <summary>The lines of a <c>metrics.jsonl</c>.</summary>
internal static class MetricsLines
{
    /// <summary>Each epoch with its line; torn lines and lines without an epoch are left out.</summary>
    public static IEnumerable<(double Epoch, JsonObject Line)> Epochs(IEnumerable<string> lines)
    {
        foreach (JsonObject line in lines.Select(Object).OfType<JsonObject>())
        {
            if (Number(line["epoch"]) is { } epoch && line["fold"] is null)
            {
                yield return (epoch, line);
            }
        }
    }

    /// <summary>A number that is finite; else null.</summary>
    public static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;

    private static JsonObject? Object(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
