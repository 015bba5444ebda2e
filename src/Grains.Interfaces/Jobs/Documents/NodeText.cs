using System.Text.Json;
using System.Text.RegularExpressions;

namespace Trainer.Jobs.Documents;

/// <summary>A value as YAML on one line, so that reading it again gives the same value.</summary>
internal static partial class NodeText
{
    /// <summary>The text of a value.</summary>
    public static string Of(SourceNode node) => node switch
    {
        MapNode map =>
            $"{{{string.Join(", ", map.Entries.Select(entry => $"{Quoted(entry.Key)}: {Of(entry.Value.Value)}"))}}}",
        ListNode list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        ScalarNode { IsText: true } scalar => Quoted(scalar.Text),
        ScalarNode { IsNull: true } => "null",
        ScalarNode scalar => scalar.Text,
        _ => throw new ArgumentException($"No text for {node.GetType().Name}.", nameof(node)),
    };

    private static string Quoted(string text) => Plain().IsMatch(text) ? text : JsonSerializer.Serialize(text);

    [GeneratedRegex(
        @"^(?!(true|false|null|True|False|TRUE|FALSE|Null|NULL)\z)[A-Za-z_][A-Za-z0-9_./-]*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
