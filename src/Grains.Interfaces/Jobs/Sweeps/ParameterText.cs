using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs;

/// <summary>Values of parameters: YAML on one line, as tables of trials and <c>--set</c> have them.</summary>
public static class ParameterText
{
    /// <summary>A value as JSON: numbers, truth values, lists and maps as such, all else as text.</summary>
    /// <param name="value">The value as YAML on one line.</param>
    /// <exception cref="Errors.ConfigurationException">It is no YAML.</exception>
    public static JsonNode? ToJson(string value) => YamlReader.Read(value, "value", lines: false) is { } node
        ? ToJson(node)
        : JsonValue.Create("");

    /// <summary>A value of a file as JSON.</summary>
    internal static JsonNode? ToJson(SourceNode node) => node switch
    {
        MapNode map => new JsonObject(
            map.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        ScalarNode { IsText: true } text => JsonValue.Create(text.Text),
        ScalarNode { IsNull: true } => null,
        ScalarNode scalar when scalar.TryBoolean(out bool flag) => JsonValue.Create(flag),
        ScalarNode scalar when scalar.TryInteger(out long whole) => JsonValue.Create(whole),
        ScalarNode scalar when scalar.TryNumber(out double number) && double.IsFinite(number) =>
            JsonValue.Create(number),
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        _ => throw new ArgumentException($"No JSON for {node.GetType().Name}.", nameof(node)),
    };
}
