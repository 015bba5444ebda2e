using System.Globalization;
using System.Text.Json.Nodes;

using Trainer.Commands;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>What a sweep that goes on does differently.</summary>
internal static class SweepEdit
{
    private const string Prefix = "sweep.";

    // With these the trials that have ended would no longer be comparable with new ones.
    private static readonly string[] Kept = ["sweep.metric", "sweep.goal", "sweep.repeats"];

    /// <summary>The overrides of <c>sweep resume</c>.</summary>
    /// <param name="sets">Values of <c>--set</c>.</param>
    /// <param name="trials">Value of <c>--trials</c>; null: not given.</param>
    /// <exception cref="CommandException">One changes the job of all trials (exit code 2).</exception>
    public static IReadOnlyList<string> Overrides(IReadOnlyList<string> sets, int? trials)
    {
        foreach (string set in sets)
        {
            string path = set.Split('=', 2)[0].Trim();
            if (!path.StartsWith(Prefix, StringComparison.Ordinal) || Kept.Contains(path))
            {
                throw new CommandException(
                    $"'--set {set}' would make the trials that have ended incomparable; a sweep that goes on keeps its "
                    + "job, metric, goal and repeats: start a new sweep, or set other keys of 'sweep.'.");
            }
        }

        return trials is { } count
            ? [.. sets, string.Create(CultureInfo.InvariantCulture, $"{Prefix}trials={count}")]
            : sets;
    }

    /// <summary>What has changed in the section <c>sweep</c>, a line a key.</summary>
    /// <param name="before">The sweep as it was.</param>
    /// <param name="after">The sweep that goes on.</param>
    public static IEnumerable<string> Describe(SweepFile before, SweepFile after)
    {
        Dictionary<string, string> old = Keys(before);
        Dictionary<string, string> changed = Keys(after);
        foreach (string path in old.Keys.Union(changed.Keys).Order(StringComparer.Ordinal))
        {
            (string? from, string? to) = (old.GetValueOrDefault(path), changed.GetValueOrDefault(path));
            if (from != to)
            {
                yield return to is null ? $"{path}: no longer searched"
                    : from is null ? $"{path}: {to}, new"
                    : $"{path}: {from} -> {to}";
            }
        }
    }

    private static Dictionary<string, string> Keys(SweepFile file)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        JsonNode? root = ParameterText.ToJson(file.ToYaml(file.Job));
        Collect(root?["sweep"], "sweep", keys);
        return keys;
    }

    private static void Collect(JsonNode? node, string path, Dictionary<string, string> keys)
    {
        if (node is JsonObject map)
        {
            foreach ((string key, JsonNode? value) in map)
            {
                Collect(value, $"{path}.{key}", keys);
            }
        }
        else
        {
            keys[path] = node?.ToJsonString() ?? "null";
        }
    }
}
