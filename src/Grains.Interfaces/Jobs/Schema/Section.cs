using System.Text.Json.Nodes;

using Trainer.Data;
using Trainer.Errors;
using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>A map with known keys: a record of the spec.</summary>
/// <param name="defaults">The spec whose properties hold where a key is left out.</param>
/// <param name="keys">The keys, in the order in which they are written.</param>
internal sealed class Section<T>(T defaults, params Key<T>[] keys) : Rule<T>
{
    private readonly Dictionary<string, Key<T>> _keys = keys.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>Names of the keys, in order, also of those that are not built yet.</summary>
    public IEnumerable<string> Keys => keys.Select(key => key.Name);

    /// <summary>Names of the keys that are built.</summary>
    public IEnumerable<string> BuiltKeys =>
        keys.Where(key => key is not (LaterKey<T> or ElsewhereKey<T>)).Select(key => key.Name);

    /// <inheritdoc/>
    public override string Expected => $"a map with keys such as {Problem.OneOf([.. BuiltKeys.Take(3)])}";

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => keys.SelectMany(key => key.Paths);

    /// <summary>A key's section when a name may stand for it; else null.</summary>
    public INamed? NamedOf(string key) => _keys.GetValueOrDefault(key)?.Named;

    /// <inheritdoc/>
    public override T Read(SourceNode node, string path) =>
        node is MapNode map ? Read(map, path, except: null) : throw Wrong(node, path);

    /// <summary>Reads a map.</summary>
    /// <param name="except">A key that somebody else reads.</param>
    public T Read(MapNode map, string path, string? except)
    {
        T spec = defaults;
        foreach ((string name, MapEntry entry) in map.Entries.Where(entry => entry.Key != except))
        {
            Key<T> key = _keys.GetValueOrDefault(name) ?? throw Unknown(name, entry.Place, path);
            spec = key.Read(spec, entry.Value, Path(path, name));
        }

        return keys.FirstOrDefault(key => key.Required && !map.Entries.ContainsKey(key.Name)) is { } missing
            ? throw Problem.At(map.Place, $"'{Path(path, missing.Name)}' is missing; it must be {missing.Expected}.")
            : spec;
    }

    /// <inheritdoc/>
    public override JsonObject Write(T value)
    {
        var section = new JsonObject();
        foreach (Key<T> key in keys)
        {
            key.Write(value, section);
        }

        return section;
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        var properties = new JsonObject();
        foreach (Key<T> key in keys)
        {
            properties[key.Name] = key.Describe(defaults);
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        JsonNode[] required = [.. keys.Where(key => key.Required).Select(key => JsonValue.Create(key.Name))];
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        return schema;
    }

    private static string Path(string section, string key) => section.Length == 0 ? key : $"{section}.{key}";

    private ConfigurationException Unknown(string name, Place place, string path)
    {
        // The right key in the wrong section is a commoner slip than a misspelt one.
        string? near = Elsewhere(name) ?? NearestName.Of(name, Keys) ?? Elsewhere(NearestName.Of(name, Leaves()));
        string ending = near is null ? $"; allowed are {string.Join(", ", BuiltKeys)}." : $"; did you mean '{near}'?";
        return Problem.At(place, $"unknown key '{Path(path, Problem.Quote(name))}'{ending}");
    }

    private static IEnumerable<string> Leaves() => JobSchema.Paths.Select(path => path[(path.LastIndexOf('.') + 1)..]);

    // The one path that ends with the key.
    private static string? Elsewhere(string? key)
    {
        string[] paths = [.. JobSchema.Paths.Where(path => path.EndsWith($".{key}", StringComparison.Ordinal))];
        return paths.Length == 1 ? paths[0] : null;
    }
}
