using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>A key of a section.</summary>
/// <typeparam name="T">The section's spec.</typeparam>
/// <param name="name">The key.</param>
/// <param name="description">What it is, for the JSON Schema.</param>
internal abstract class Key<T>(string name, string description)
{
    /// <summary>The key.</summary>
    public string Name { get; } = name;

    /// <summary>What it is.</summary>
    protected string Description { get; } = description;

    /// <summary>Whether the section is wrong without it.</summary>
    public bool Required { get; private init; }

    /// <summary>The rule of the value, when a name may stand for it.</summary>
    public abstract INamed? Named { get; }

    /// <summary>The key and the paths below it.</summary>
    public abstract IEnumerable<string> Paths { get; }

    /// <summary>Whether the spec's value is not what holds without the key.</summary>
    public bool DefaultElsewhere { get; private init; }

    /// <summary>What the value must be.</summary>
    public abstract string Expected { get; }

    /// <summary>A key that is a property of the spec.</summary>
    public static Key<T> Of<TValue>(
        string name, string description, Rule<TValue> rule, Func<T, TValue> get, Func<T, TValue, T> with) =>
        new Key<T, TValue>(name, description, rule, get, with);

    /// <summary>A key that must be there.</summary>
    public static Key<T> Needed<TValue>(
        string name, string description, Rule<TValue> rule, Func<T, TValue> get, Func<T, TValue, T> with) =>
        new Key<T, TValue>(name, description, rule, get, with) { Required = true };

    /// <summary>A key whose default the spec does not know.</summary>
    public static Key<T> WithoutDefault<TValue>(
        string name, string description, Rule<TValue> rule, Func<T, TValue> get, Func<T, TValue, T> with) =>
        new Key<T, TValue>(name, description, rule, get, with) { DefaultElsewhere = true };

    /// <summary>A key of the contract that is not built yet.</summary>
    /// <param name="harmless">Values that mean "without it", the default first; none: null.</param>
    public static Key<T> Later(string name, string description, params object?[] harmless) =>
        new LaterKey<T>(name, description, harmless.Length == 0 ? [null] : harmless);

    /// <summary>A section that only other files have; null is accepted.</summary>
    /// <param name="use">What to do with such a file.</param>
    public static Key<T> Elsewhere(string name, string description, string use) =>
        new ElsewhereKey<T>(name, description, use);

    /// <summary>The spec with the key's value.</summary>
    public abstract T Read(T spec, SourceNode node, string path);

    /// <summary>Adds the key to a section that is written.</summary>
    public abstract void Write(T spec, JsonObject section);

    /// <summary>The key as JSON Schema, with its default.</summary>
    public abstract JsonObject Describe(T defaults);
}

/// <summary>A key that is a property of the spec.</summary>
/// <param name="rule">What its value may be.</param>
/// <param name="get">Reads the property.</param>
/// <param name="with">Sets the property of a copy.</param>
internal sealed class Key<T, TValue>(
    string name, string description, Rule<TValue> rule, Func<T, TValue> get, Func<T, TValue, T> with)
    : Key<T>(name, description)
{
    /// <inheritdoc/>
    public override INamed? Named => rule as INamed;

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => rule.Paths.Select(path => $"{Name}.{path}").Prepend(Name);

    /// <inheritdoc/>
    public override string Expected => rule.Expected;

    /// <inheritdoc/>
    public override T Read(T spec, SourceNode node, string path) => with(spec, rule.Read(node, path));

    /// <inheritdoc/>
    public override void Write(T spec, JsonObject section) => section[Name] = rule.Write(get(spec));

    /// <inheritdoc/>
    public override JsonObject Describe(T defaults)
    {
        JsonObject schema = rule.Describe();
        schema["description"] = Description;
        JsonNode? usual = rule.Write(get(defaults));
        if (!Required && !DefaultElsewhere && usual is not JsonObject)
        {
            schema["default"] = usual;
        }

        return schema;
    }
}

/// <summary>
/// A key of the contract that is not built yet: the values that mean "without it" are accepted, others refused by name.
/// </summary>
/// <param name="harmless">Those values: null, a truth value, a number or a word; the first one is the default.</param>
internal sealed class LaterKey<T>(string name, string description, object?[] harmless)
    : Key<T>(name, description)
{
    /// <inheritdoc/>
    public override INamed? Named => null;

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => [Name];

    /// <inheritdoc/>
    public override string Expected => "left out";

    /// <inheritdoc/>
    public override T Read(T spec, SourceNode node, string path) =>
        harmless.Any(value => Same(node, value))
            ? spec
            : throw Problem.NotBuilt(node, path, $"{ToJson(harmless[0])?.ToString() ?? "null"} or leave it out");

    /// <inheritdoc/>
    public override void Write(T spec, JsonObject section)
    {
        // It has no value.
    }

    /// <inheritdoc/>
    public override JsonObject Describe(T defaults) => new()
    {
        ["enum"] = new JsonArray([.. harmless.Select(ToJson)]),
        ["description"] = $"{Description} Not built yet.",
    };

    private static bool Same(SourceNode node, object? value) => node is ScalarNode scalar && value switch
    {
        null => scalar.IsNull,
        bool flag => scalar.TryBoolean(out bool given) && given == flag,
        string word => scalar.Text == word,
        _ => scalar.TryNumber(out double given) && given == Convert.ToDouble(value),
    };

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string word => JsonValue.Create(word),
        _ => JsonValue.Create(Convert.ToDouble(value)),
    };
}

/// <summary>A section that only other files have: null is accepted, all else refused.</summary>
/// <param name="use">What to do with such a file.</param>
internal sealed class ElsewhereKey<T>(string name, string description, string use) : Key<T>(name, description)
{
    /// <inheritdoc/>
    public override INamed? Named => null;

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => [Name];

    /// <inheritdoc/>
    public override string Expected => "left out";

    /// <inheritdoc/>
    public override T Read(T spec, SourceNode node, string path) => node is ScalarNode { IsNull: true }
        ? spec
        : throw Problem.At(node.Place, $"'{path}' makes this a {path} file; {use}.");

    /// <inheritdoc/>
    public override void Write(T spec, JsonObject section)
    {
        // It has no value.
    }

    /// <inheritdoc/>
    public override JsonObject Describe(T defaults) =>
        new() { ["enum"] = new JsonArray([null]), ["description"] = Description };
}
