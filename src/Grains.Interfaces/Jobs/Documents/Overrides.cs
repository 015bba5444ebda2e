using Trainer.Jobs.Schema;

namespace Trainer.Jobs.Documents;

/// <summary>
/// Environment variables and <c>--set</c> written into the tree of a job file; the schema then judges the result.
/// </summary>
/// <remarks>
/// A value replaces what stood at its path, lists and maps as a whole. A new <c>optimizer.name</c> drops the keys
/// that were written for the other optimizer, except those that were overridden one by one in the same way: the order
/// of
/// <c>--set optimizer.name=sgd --set optimizer.learning_rate=0.1</c> does not matter.
/// </remarks>
internal sealed class Overrides
{
    /// <summary>How variables start that override keys.</summary>
    public const string VariablePrefix = "TRAINER__";

    private const string NameKey = "name";

    private readonly MapNode _root;
    private readonly HashSet<string> _alone = new(StringComparer.Ordinal);

    private Overrides(MapNode root) => _root = root;

    /// <summary>
    /// Applies the variables that start with <c>TRAINER__</c> (upper case: options of hosts start with
    /// <c>Trainer__</c>);
    /// <c>__</c> separates keys, whose case does not count.
    /// </summary>
    /// <remarks>
    /// Sections come before their keys and a name before its section's other keys, for variables have no order.
    /// </remarks>
    public static void ApplyEnvironment(MapNode root, IReadOnlyDictionary<string, string> environment)
    {
        IEnumerable<(string Variable, string[] Path)> variables =
            from variable in environment.Keys
            where variable.StartsWith(VariablePrefix, StringComparison.Ordinal)
            let path = variable[VariablePrefix.Length..].ToLowerInvariant().Split("__")
            orderby path.Length, path[^1] == NameKey ? 0 : 1
            select (variable, path);

        var overrides = new Overrides(root);
        foreach ((string variable, string[] path) in variables.ToArray())
        {
            string source = $"environment {Problem.Quote($"{variable}={environment[variable]}")}";
            overrides.Apply(path, environment[variable], source);
        }
    }

    /// <summary>Applies <c>path=value</c> in order.</summary>
    public static void ApplySets(MapNode root, IReadOnlyList<string> sets)
    {
        var overrides = new Overrides(root);
        foreach (string set in sets)
        {
            string source = $"--set '{Problem.Quote(set)}'";
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Problem.At(new Place(source, 0), "is not path=value; write for example --set training.epochs=5.");
            }

            overrides.Apply(set[..equals].Trim().Split('.'), set[(equals + 1)..], source);
        }
    }

    private void Apply(string[] path, string text, string source)
    {
        var place = new Place(source, 0);
        if (path.Any(string.IsNullOrWhiteSpace))
        {
            throw Problem.At(place, "a key of the path is empty; write for example training.epochs.");
        }

        SourceNode value = YamlReader.Read(text, source, lines: false) ?? new ScalarNode(place, "", quoted: false);
        MapNode map = _root;
        for (int i = 0; i < path.Length - 1; i++)
        {
            map = Enter(map, path[i], i == 0 ? JobSchema.Root.NamedOf(path[0]) : null, place);
        }

        if (path.Length == 2 && path[1] == NameKey && JobSchema.Root.NamedOf(path[0]) is { KeysFollowName: true } named)
        {
            DropOtherKeys(map, path[0], named, value);
        }

        _alone.RemoveWhere(key => key.StartsWith($"{path[0]}.", StringComparison.Ordinal) && path.Length == 1);
        _alone.Add(string.Join('.', path));
        Put(map, path[^1], value, place);
    }

    private static MapNode Enter(MapNode map, string key, INamed? named, Place place)
    {
        SourceNode? child = map.Entries.TryGetValue(key, out MapEntry? entry) ? entry.Value : null;
        if (child is MapNode section)
        {
            return section;
        }

        var created = new MapNode(place);
        if (named is not null && child is ScalarNode { IsNull: false })
        {
            Put(created, NameKey, child, child.Place);
        }

        Put(map, key, created, entry?.Place ?? place);
        return created;
    }

    private void DropOtherKeys(MapNode map, string section, INamed named, SourceNode name)
    {
        string held = map.Entries.TryGetValue(NameKey, out MapEntry? entry) && entry.Value is ScalarNode scalar
            ? scalar.Text
            : named.DefaultName;
        if (name is ScalarNode changed && changed.Text == held)
        {
            return;
        }

        foreach (string key in map.Entries.Keys.Where(key => !_alone.Contains($"{section}.{key}")).ToArray())
        {
            map.Entries.Remove(key);
        }
    }

    private static void Put(MapNode map, string key, SourceNode value, Place place) =>
        map.Entries[key] = new MapEntry(place, value);
}
