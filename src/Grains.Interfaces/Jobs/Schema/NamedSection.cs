using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>
/// A section whose <c>name</c> picks the keys beside it, such as <c>optimizer</c>. The name alone stands for its
/// defaults.
/// </summary>
/// <param name="variants">The names; the first is the default.</param>
internal sealed class NamedSection<T>(Variant<T>[] variants) : Rule<T>, INamed
{
    private const string NameKey = "name";

    private readonly ChoiceRule<Variant<T>> _names =
        new([.. variants.Select(variant => (variant.Name, variant))]);

    /// <inheritdoc/>
    public string DefaultName => variants[0].Name;

    /// <inheritdoc/>
    public bool KeysFollowName => true;

    /// <inheritdoc/>
    public override IEnumerable<string> Paths =>
        variants.SelectMany(variant => variant.Keys).Prepend(NameKey).Distinct();

    /// <inheritdoc/>
    public override string Expected => $"{_names.Expected}, or a map with the key name";

    /// <inheritdoc/>
    public override T Read(SourceNode node, string path)
    {
        if (node is ScalarNode { IsText: true })
        {
            return _names.Read(node, path).Read(new MapNode(node.Place), path, NameKey);
        }

        if (node is not MapNode map)
        {
            throw Wrong(node, path);
        }

        Variant<T> variant = map.Entries.TryGetValue(NameKey, out MapEntry? name)
            ? _names.Read(name.Value, $"{path}.{NameKey}")
            : variants[0];
        RefuseKeysOfOthers(map, path, variant);
        return variant.Read(map, path, NameKey);
    }

    /// <summary>The name of what a spec is.</summary>
    public string NameOf(T value) => variants.First(variant => variant.Is(value)).Name;

    /// <inheritdoc/>
    public override JsonObject Write(T value)
    {
        Variant<T> variant = variants.First(variant => variant.Is(value));
        JsonObject keys = variant.Write(value);
        keys.Insert(0, NameKey, JsonValue.Create(variant.Name));
        return keys;
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        var forms = new JsonArray(_names.Describe());
        foreach (Variant<T> variant in variants)
        {
            JsonObject section = variant.Describe();
            ((JsonObject)section["properties"]!).Insert(0, NameKey, new JsonObject { ["const"] = variant.Name });
            if (variant != variants[0])
            {
                section["required"] = new JsonArray(NameKey);
            }

            forms.Add(section);
        }

        return new JsonObject { ["anyOf"] = forms };
    }

    private void RefuseKeysOfOthers(MapNode map, string path, Variant<T> variant)
    {
        foreach ((string key, MapEntry entry) in map.Entries.Where(entry => entry.Key != NameKey))
        {
            string[] owners =
                [.. variants.Where(other => other.Keys.Contains(key)).Select(other => other.Name)];
            if (owners.Length > 0 && !owners.Contains(variant.Name))
            {
                string keys = string.Join(", ", variant.BuiltKeys.DefaultIfEmpty("no other keys"));
                throw Problem.At(
                    entry.Place,
                    $"'{path}.{key}' is a key of {Problem.OneOf(owners)}, but '{path}.name' is {variant.Name}, which "
                    + $"has {keys}.");
            }
        }
    }
}

/// <summary>What a <see cref="NamedSection{T}"/> is under one name.</summary>
/// <typeparam name="T">Spec of the section.</typeparam>
internal abstract class Variant<T>(string name)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The keys beside the name.</summary>
    public abstract IEnumerable<string> Keys { get; }

    /// <summary>Those that are built.</summary>
    public abstract IEnumerable<string> BuiltKeys { get; }

    /// <summary>Whether a spec has this name.</summary>
    public abstract bool Is(T spec);

    /// <summary>Reads the keys beside the name.</summary>
    public abstract T Read(MapNode map, string path, string except);

    /// <summary>Writes them.</summary>
    public abstract JsonObject Write(T spec);

    /// <summary>Describes them.</summary>
    public abstract JsonObject Describe();
}

/// <summary>A name with a spec type of its own.</summary>
internal sealed class Variant<T, TSpec>(string name, Section<TSpec> section) : Variant<T>(name)
    where TSpec : T
{
    /// <inheritdoc/>
    public override IEnumerable<string> Keys => section.Keys;

    /// <inheritdoc/>
    public override IEnumerable<string> BuiltKeys => section.BuiltKeys;

    /// <inheritdoc/>
    public override bool Is(T spec) => spec is TSpec;

    /// <inheritdoc/>
    public override T Read(MapNode map, string path, string except) => section.Read(map, path, except);

    /// <inheritdoc/>
    public override JsonObject Write(T spec) => section.Write((TSpec)spec!);

    /// <inheritdoc/>
    public override JsonObject Describe() => section.Describe();
}
