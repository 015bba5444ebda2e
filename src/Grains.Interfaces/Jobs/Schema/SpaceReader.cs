using System.Text.Json.Nodes;

using Trainer.Data;
using Trainer.Errors;
using Trainer.Jobs.Documents;
using Trainer.Sweeps.Spaces;

namespace Trainer.Jobs.Schema;

/// <summary>
/// Reads <c>sweep.space</c>: paths of the job file, each with one of <c>uniform</c>, <c>log_uniform</c>, <c>int</c>
/// (with <c>step</c>), <c>log_int</c>, <c>choice</c>, or, for a list, <c>layers</c> and <c>width</c> (<c>shared</c>:
/// one width for all); and <c>when</c>.
/// </summary>
internal sealed class SpaceReader
{
    private const string Root = $"sweep.{SweepSchema.Space}";
    private const string Step = "step";
    private const string When = "when";
    private const string Layers = "layers";
    private const string Width = "width";
    private const string Shared = "shared";

    private static readonly string[] Kinds = ["uniform", "log_uniform", "int", "log_int", "choice"];

    // What a trial cannot change: it is planned and registered once for the sweep.
    private static readonly string[] Fixed =
    [
        "version", "name", "data", "split.test_source", "split.test_target", "split.folds", "model.initial_weights",
        "checkpoint", "telemetry", "sweep", "precision", "device", "on_non_finite",
    ];

    private readonly Dictionary<string, (Place Place, MapNode Map)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dimension> _dimensions = new(StringComparer.Ordinal);

    private SpaceReader()
    {
    }

    /// <summary>Reads the space.</summary>
    /// <param name="sweep">The section <c>sweep</c>.</param>
    /// <exception cref="ConfigurationException">It is missing or wrong; the message names the key.</exception>
    public static SearchSpace Read(MapNode sweep)
    {
        if (!sweep.Entries.TryGetValue(SweepSchema.Space, out MapEntry? entry))
        {
            throw Problem.At(
                sweep.Place,
                $"'{Root}' is missing; name at least one key of the job file, for example "
                + "'optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}'.");
        }

        if (entry.Value is not MapNode map)
        {
            throw Problem.At(
                entry.Value.Place, $"'{Root}' is {entry.Value.Display}; it must be a map from keys of the job file.");
        }

        try
        {
            return new SpaceReader().Read(map, entry.Place);
        }
        catch (SearchSpaceException error)
        {
            throw Problem.At(entry.Place, $"{Root}: {error.Message}");
        }
    }

    /// <summary>The space as JSON Schema.</summary>
    public static JsonObject Describe()
    {
        static JsonObject Range(string type) => new()
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = type },
            ["minItems"] = 2,
            ["maxItems"] = 2,
        };
        var kinds = new JsonObject
        {
            ["uniform"] = Range("number"),
            ["log_uniform"] = Range("number"),
            ["int"] = Range("integer"),
            [Step] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            ["log_int"] = Range("integer"),
            ["choice"] = new JsonObject { ["type"] = "array", ["minItems"] = 1 },
            [When] = new JsonObject { ["type"] = "object" },
            [Layers] = new JsonObject { ["type"] = "object" },
            [Width] = new JsonObject { ["type"] = "object" },
            [Shared] = new JsonObject { ["type"] = "boolean" },
        };
        return new JsonObject
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["additionalProperties"] = new JsonObject { ["type"] = "object", ["properties"] = kinds },
            ["description"] = "Keys of the job file, each with what it may be.",
        };
    }

    private SearchSpace Read(MapNode map, Place place)
    {
        Flatten(map, "");
        List<Dimension> plain = [];
        List<ListDimension> lists = [];

        // Choices that conditions name are read first: a condition's values are labels of them.
        foreach ((string path, (Place at, MapNode spec)) in _entries)
        {
            RequirePath(path, at);
            if (!spec.Entries.ContainsKey(Layers))
            {
                Guard(at, () => _dimensions.Add(path, DimensionOf(path, spec)));
            }
        }

        foreach ((string path, (Place at, MapNode spec)) in _entries)
        {
            Guard(at, () =>
            {
                if (spec.Entries.ContainsKey(Layers))
                {
                    lists.Add(ListOf(path, at, spec));
                }
                else
                {
                    plain.Add(_dimensions[path].Where([.. Conditions(path, spec)]));
                }
            });
        }

        if (plain.Count + lists.Count == 0)
        {
            throw Problem.At(place, $"'{Root}' is empty; name at least one key of the job file to search.");
        }

        return new SearchSpace(plain, lists);
    }

    // Dotted keys and nested maps mean the same; what was written later wins, so that --set can replace an entry.
    private void Flatten(MapNode map, string prefix)
    {
        foreach ((string name, MapEntry entry) in map.Entries)
        {
            string path = prefix + name;
            if (entry.Value is not MapNode child)
            {
                throw Problem.At(
                    entry.Value.Place,
                    $"'{Root}.{path}' is {entry.Value.Display}; it must be a map such as "
                    + "{log_uniform: [1e-4, 1e-1]}, {int: [16, 256]} or {choice: [relu, tanh]}.");
            }

            if (child.Entries.Keys.Any(key => Kinds.Contains(key) || key is Layers or Width))
            {
                _entries[path] = (entry.Place, child);
            }
            else if (child.Entries.Count == 0 || child.Entries.Values.Any(value => value.Value is not MapNode))
            {
                throw UnknownKind(path, entry.Place, child);
            }
            else
            {
                Flatten(child, $"{path}.");
            }
        }
    }

    private static ConfigurationException UnknownKind(string path, Place place, MapNode map)
    {
        string? given = map.Entries.Keys.FirstOrDefault();
        string near = given is null ? "" : NearestName.Hint(given, [.. Kinds, Layers, Width]);
        return Problem.At(
            place,
            $"'{Root}.{path}' has {(given is null ? "no keys" : $"'{Problem.Quote(given)}'")}"
            + $"{(near.Length > 0 ? near : $"; it must have {Problem.OneOf(Kinds)}, or layers and width.")}");
    }

    private static void RequirePath(string path, Place place)
    {
        string? held = Fixed.FirstOrDefault(
            key => path == key || path.StartsWith($"{key}.", StringComparison.Ordinal));
        if (held is not null)
        {
            throw Problem.At(
                place, $"'{Root}.{path}' cannot be searched: '{held}' is the same for all trials; start a sweep each.");
        }

        if (!JobSchema.Paths.Contains(path))
        {
            throw Problem.At(
                place,
                $"'{Root}.{Problem.Quote(path)}' is no key of the job file{NearestName.Hint(path, JobSchema.Paths)}");
        }
    }

    private static Dimension DimensionOf(string path, MapNode spec)
    {
        string[] kinds = [.. spec.Entries.Keys.Where(Kinds.Contains)];
        if (kinds.Length != 1)
        {
            throw new SearchSpaceException(
                $"'{path}' has {(kinds.Length == 0 ? "no kind" : string.Join(" and ", kinds))}; it must have exactly "
                + $"one of {Problem.OneOf(Kinds)}.");
        }

        string kind = kinds[0];
        string[] allowed = kind == "int" ? [kind, Step, When] : [kind, When];
        RequireKeys(path, spec, allowed);
        SourceNode value = spec.Entries[kind].Value;
        if (kind == "choice")
        {
            return Dimension.Choice(path, [.. Items(path, kind, value).Select(NodeText.Of)]);
        }

        (double low, double high) = Range(path, kind, value);
        return kind switch
        {
            "uniform" => Dimension.Uniform(path, low, high),
            "log_uniform" => Dimension.LogUniform(path, low, high),
            "log_int" => Dimension.LogInt(path, low, high),
            _ => Dimension.Int(path, low, high, spec.Entries.TryGetValue(Step, out MapEntry? step)
                ? Number(path, Step, step.Value)
                : 1),
        };
    }

    private static ListDimension ListOf(string path, Place place, MapNode spec)
    {
        RequireKeys(path, spec, [Layers, Width, Shared]);
        bool shared = false;
        if (spec.Entries.TryGetValue(Shared, out MapEntry? flag)
            && !(flag.Value is ScalarNode scalar && scalar.TryBoolean(out shared)))
        {
            throw Problem.At(
                flag.Place, $"'{Root}.{path}.{Shared}' is {flag.Value.Display}; it must be true or false.");
        }

        return ListDimension.Create(
            path,
            at => DimensionOf(at, Part(path, place, spec, Layers)),
            at => DimensionOf(at, Part(path, place, spec, Width)),
            shared);
    }

    private static MapNode Part(string path, Place place, MapNode spec, string key) =>
        spec.Entries.TryGetValue(key, out MapEntry? entry) && entry.Value is MapNode map
            ? map
            : throw Problem.At(
                entry?.Place ?? place,
                $"'{Root}.{path}.{key}' is {entry?.Value.Display ?? "missing"}; it must be a map such as "
                + "{int: [1, 3]} or {choice: [8, 16, 32]}.");

    private IEnumerable<Condition> Conditions(string path, MapNode spec)
    {
        if (!spec.Entries.TryGetValue(When, out MapEntry? entry))
        {
            yield break;
        }

        if (entry.Value is not MapNode map || map.Entries.Count == 0)
        {
            throw Problem.At(
                entry.Place,
                $"'{Root}.{path}.{When}' is {entry.Value.Display}; it must be a map such as {{optimizer.name: sgd}}.");
        }

        foreach ((string parent, MapEntry values) in map.Entries)
        {
            if (!_dimensions.TryGetValue(parent, out Dimension? dimension))
            {
                throw Problem.At(
                    values.Place,
                    $"'{Root}.{path}.{When}' names '{Problem.Quote(parent)}', which is not in the space"
                    + (NearestName.Hint(parent, _dimensions.Keys) is { Length: > 0 } hint ? hint
                        : $"; search it too, or leave out '{When}'."));
            }

            yield return new Condition(parent, [.. Given(values.Value).Select(node => ValueOf(path, dimension, node))]);
        }
    }

    private static IReadOnlyList<SourceNode> Given(SourceNode node) => node is ListNode list ? list.Items : [node];

    private static double ValueOf(string path, Dimension parent, SourceNode node)
    {
        if (parent.Kind != DimensionKind.Choice)
        {
            return Number(path, When, node);
        }

        string label = NodeText.Of(node);
        int index = parent.Labels.ToList().IndexOf(label);
        return index >= 0
            ? index
            : throw Problem.At(
                node.Place,
                $"'{Root}.{path}.{When}' is {label}, which is no choice of '{parent.Path}'; allowed are "
                + $"{string.Join(", ", parent.Labels)}.");
    }

    private static void RequireKeys(string path, MapNode spec, string[] allowed)
    {
        foreach ((string key, MapEntry entry) in spec.Entries)
        {
            if (!allowed.Contains(key))
            {
                throw Problem.At(
                    entry.Place,
                    $"unknown key '{Root}.{path}.{Problem.Quote(key)}'; allowed are {string.Join(", ", allowed)}.");
            }
        }
    }

    private static IReadOnlyList<SourceNode> Items(string path, string kind, SourceNode node) =>
        node is ListNode { Items.Count: > 0 } list
            ? list.Items
            : throw Problem.At(
                node.Place,
                $"'{Root}.{path}.{kind}' is {(node is ListNode ? "an empty list" : node.Display)}; it must be a list "
                + "such as [8, 16, 32].");

    private static (double Low, double High) Range(string path, string kind, SourceNode node)
    {
        IReadOnlyList<SourceNode> ends = Items(path, kind, node);
        return ends.Count == 2
            ? (Number(path, kind, ends[0]), Number(path, kind, ends[1]))
            : throw Problem.At(
                node.Place, $"'{Root}.{path}.{kind}' has {ends.Count} numbers; it must have two: [low, high].");
    }

    private static double Number(string path, string key, SourceNode node) =>
        node is ScalarNode scalar && scalar.TryNumber(out double value)
            ? value
            : throw Problem.At(node.Place, $"'{Root}.{path}.{key}' is {node.Display}; it must be a number.");

    private static void Guard(Place place, Action read)
    {
        try
        {
            read();
        }
        catch (SearchSpaceException error)
        {
            throw Problem.At(place, $"{Root}: {error.Message}");
        }
    }
}
