using System.Globalization;
using System.Text.Json.Nodes;

namespace Trainer.Reporting;

/// <summary>A comparison of two runs as a person or a program reads it.</summary>
internal static class RunComparisonReport
{
    private const string Nothing = "-";
    private const int LongestValue = 44;

    /// <summary>A table in sections; the last column is B - A.</summary>
    public static string ToText(RunComparison comparison)
    {
        List<string[]> rows =
        [
            ["", comparison.A.Run.Id, comparison.B.Run.Id, "change"],
            ["status", comparison.A.Status, comparison.B.Status, ""],
            ["data", "", "", Sameness(comparison.SameData)],
            ["weights", "", "", Sameness(comparison.SameWeights)],
        ];
        Section(
            rows,
            comparison.Job.Count == 0 ? "job: the same in every key" : "job, where it differs",
            comparison.Job.Select(key => new[] { key.Name, Value(key.A), Value(key.B), "" }));
        Section(
            rows,
            "metrics",
            comparison.Metrics.Select(metric => new[]
            {
                metric.Name, Metric(metric.A), Metric(metric.B), Signed(metric.B - metric.A),
            }));
        Section(
            rows,
            "figures",
            comparison.Figures.Select(figure => new[]
            {
                figure.Name, Count(figure.A), Count(figure.B), Times(figure.B / figure.A),
            }));
        return string.Join('\n', TextTable.Lines(rows, rightAligned: _ => false));
    }

    /// <summary>One JSON object on one line.</summary>
    public static string ToJson(RunComparison comparison) => JsonEvents.Line(new JsonObject
    {
        ["a"] = Run(comparison.A),
        ["b"] = Run(comparison.B),
        ["same_data"] = comparison.SameData,
        ["same_weights"] = comparison.SameWeights,
        ["job"] = Pairs(comparison.Job, value => IsNone(value) ? null : value?.DeepClone()),
        ["metrics"] = Pairs(comparison.Metrics, Number),
        ["figures"] = Pairs(comparison.Figures, Number),
    });

    private static void Section(List<string[]> rows, string title, IEnumerable<string[]> lines)
    {
        string[][] all = [.. lines];
        rows.Add(["", "", "", ""]);
        rows.Add([title, "", "", ""]);
        rows.AddRange(all.Select(line => (string[])[$"  {line[0]}", .. line[1..]]));
    }

    private static JsonObject Run(ComparedRun run) => new()
    {
        ["id"] = run.Run.Id,
        ["folder"] = run.Run.Folder,
        ["status"] = run.Summary?.Status,
        ["weights_sha256"] = run.Summary?.WeightsSha256,
    };

    private static JsonObject Pairs<T>(IEnumerable<Compared<T>> values, Func<T?, JsonNode?> node) => new(
        values.Select(value => KeyValuePair.Create(
            value.Name, (JsonNode?)new JsonObject { ["a"] = node(value.A), ["b"] = node(value.B) })));

    private static JsonNode? Number(double? value) => value is { } number ? JsonEvents.Number(number) : null;

    private static bool IsNone(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue(out string? text) && text == ComparedRun.None;

    private static string Sameness(bool? same) => same switch
    {
        true => "the same",
        false => "different",
        null => "unknown",
    };

    private static string Value(JsonNode? value)
    {
        string text = value is null ? Nothing
            : value is JsonValue scalar && scalar.TryGetValue(out string? words) ? words
            : value.ToJsonString();
        return text.Length <= LongestValue ? text : $"...{text[^(LongestValue - 3)..]}";
    }

    private static string Metric(double? value) => value is { } number ? Figures.Metric(number) : Nothing;

    private static string Count(double? value) =>
        value is { } number ? number.ToString("#,0.#", CultureInfo.InvariantCulture) : Nothing;

    private static string Signed(double? difference) =>
        difference is { } number ? $"{(number < 0 ? "" : "+")}{Figures.Metric(number)}" : "";

    private static string Times(double? ratio) =>
        ratio is { } times && double.IsFinite(times) && times != 1 ? $"x {Figures.Exact(Math.Round(times, 2))}" : "";
}
