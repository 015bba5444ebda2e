using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Grains;
using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

namespace Trainer.Jobs;

/// <summary>
/// The table of a sweep's trials, <c>trials.jsonl</c>: a line for each trial that has ended, in the order of their
/// ends. A later line for the same trial replaces an earlier one; a torn last line is left out.
/// </summary>
public static class TrialTable
{
    /// <summary>Name of the file in the sweep's folder.</summary>
    public const string FileName = "trials.jsonl";

    /// <summary>A trial as a line, without its end.</summary>
    public static string ToLine(TrialRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new JsonObject
        {
            ["number"] = row.Number,
            ["state"] = NameOf(row.State),
            ["value"] = Number(row.Value),
            ["values"] = new JsonArray([.. row.Values.Select(Number)]),
            ["parameters"] = Map(row.Parameters),
            ["point"] = Map(row.Point),
            ["epochs"] = row.Epochs,
            ["curve"] = new JsonArray([.. row.Curve.Select(Number)]),
            ["seconds"] = row.Seconds,
            ["silo"] = row.Silo,
            ["error"] = row.Error,
            ["from"] = row.From,
        }.ToJsonString(JobStateFile.Json);
    }

    /// <summary>The trials of a table by number; empty when there is no file.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <exception cref="Errors.ConfigurationException">
    /// The file cannot be read, or a line but the last is damaged.
    /// </exception>
    public static SortedDictionary<int, TrialRow> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        var trials = new SortedDictionary<int, TrialRow>();
        string[] lines;
        try
        {
            lines = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Errors.ConfigurationException($"{path}: the table of trials cannot be read: {error.Message}");
        }

        // A whole line ends with a line feed: what stands behind the last one was cut off.
        foreach ((int index, string line) in lines.SkipLast(1).Index())
        {
            TrialRow row = TryParse(line) ?? throw new Errors.ConfigurationException(
                $"{path}:{index + 1}: the line is damaged; remove it to run its trial again.");
            trials[row.Number] = row;
        }

        return trials;
    }

    /// <summary>The name of a state in files and events.</summary>
    public static string NameOf(TrialState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>The row's point in a space; null where it is none of it, as after the space was edited.</summary>
    public static ParameterSet? PointOf(TrialRow row, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(space);
        var given = row.Point.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        double[] values = new double[space.Dimensions.Count];
        for (int i = 0; i < values.Length; i++)
        {
            Dimension dimension = space.Dimensions[i];
            values[i] = double.NaN;
            if (given.Remove(dimension.Path, out string? text))
            {
                values[i] = dimension.Kind == DimensionKind.Choice
                    ? dimension.Labels.ToList().IndexOf(text)
                    : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        var point = new ParameterSet(values);
        return given.Count == 0 && space.Contains(point) ? point : null;
    }

    /// <summary>A point as a row has it.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Describe(SearchSpace space, ParameterSet point)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(point);
        return
        [
            .. space.Dimensions.Index().Where(item => point.IsActive(item.Index)).Select(item =>
                KeyValuePair.Create(item.Item.Path, item.Item.Format(point[item.Index]))),
        ];
    }

    private static TrialRow? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject row ? Parse(row) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException
            or ArgumentException or NullReferenceException)
        {
            return null;
        }
    }

    private static TrialRow Parse(JsonObject row) => new(
        (int)row["number"]!,
        Enum.GetValues<TrialState>().First(state => NameOf(state) == (string)row["state"]!),
        (string?)row["silo"],
        Map(row["parameters"]!),
        Map(row["point"]!),
        (int)row["epochs"]!,
        Number(row["value"]),
        [.. row["values"]!.AsArray().Select(Number)],
        [.. row["curve"]!.AsArray().Select(Number)],
        (double)row["seconds"]!,
        (string?)row["error"],
        (int?)row["from"]);

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static double Number(JsonNode? value) => value is null ? double.NaN : (double)value;

    private static JsonObject Map(ImmutableArray<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    private static ImmutableArray<KeyValuePair<string, string>> Map(JsonNode map) =>
        [.. map.AsObject().Select(pair => KeyValuePair.Create(pair.Key, (string)pair.Value!))];
}
