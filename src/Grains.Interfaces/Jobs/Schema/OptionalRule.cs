using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>A value, or a word such as <c>auto</c>, <c>full</c> or <c>null</c> that stands for none.</summary>
/// <typeparam name="T">Type of a value.</typeparam>
/// <typeparam name="TOptional">The same with null.</typeparam>
internal sealed class OptionalRule<T, TOptional> : Rule<TOptional>
{
    private const string Null = "null";

    private readonly Rule<T> _value;
    private readonly string _word;

    /// <summary>A value or a word.</summary>
    public OptionalRule(Rule<T> value, string word)
    {
        value.Alternative = $", or {word}";
        _value = value;
        _word = word;
    }

    /// <inheritdoc/>
    public override string Expected => $"{_value.Expected}, or {_word}";

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => _value.Paths;

    /// <inheritdoc/>
    public override TOptional Read(SourceNode node, string path) =>
        node is ScalarNode scalar && (_word == Null ? scalar.IsNull : scalar.Text == _word)
            ? default!
            : (TOptional)(object)_value.Read(node, path)!;

    /// <inheritdoc/>
    public override JsonNode? Write(TOptional value) => value switch
    {
        T some => _value.Write(some),
        _ when _word == Null => null,
        _ => JsonValue.Create(_word),
    };

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject none = _word == Null ? new JsonObject { ["type"] = "null" } : new JsonObject { ["const"] = _word };
        return new JsonObject { ["anyOf"] = new JsonArray(_value.Describe(), none) };
    }
}

/// <summary>Ways to loosen a rule.</summary>
internal static class RuleExtensions
{
    /// <summary>The value or a word that stands for null.</summary>
    public static Rule<T?> OrWord<T>(this Rule<T> rule, string word)
        where T : struct => new OptionalRule<T, T?>(rule, word);

    /// <summary>The value or null.</summary>
    public static Rule<T?> OrNull<T>(this Rule<T> rule)
        where T : struct => new OptionalRule<T, T?>(rule, "null");

    /// <summary>The reference or null.</summary>
    public static Rule<T?> OrNothing<T>(this Rule<T> rule)
        where T : class => new OptionalRule<T, T?>(rule, "null");
}
