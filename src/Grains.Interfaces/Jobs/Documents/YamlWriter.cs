using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Trainer.Jobs.Documents;

/// <summary>
/// Writes a tree of JSON values as YAML: maps as blocks, lists in one line, text in quotes where it would read as
/// something else.
/// </summary>
internal static partial class YamlWriter
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The tree as a YAML document.</summary>
    public static string Write(JsonObject root)
    {
        var text = new StringBuilder();
        WriteMap(text, root, indent: 0);
        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent)
    {
        foreach ((string key, JsonNode? value) in map)
        {
            text.Append(' ', indent).Append(Text(key)).Append(':');
            if (value is JsonObject { Count: > 0 } section)
            {
                text.Append('\n');
                WriteMap(text, section, indent + 2);
            }
            else
            {
                text.Append(' ').Append(Inline(value)).Append('\n');
            }
        }
    }

    private static string Inline(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => Text(scalar.GetValue<string>()),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number =>
            Exponent().Replace(scalar.ToJsonString(), "e$1$2").Replace("e+", "e", StringComparison.Ordinal),
        _ => value.ToJsonString(Readable),
    };

    private static string Text(string text) =>
        Plain().IsMatch(text) && new ScalarNode(default, text, quoted: false).IsText
            ? text
            : JsonValue.Create(text).ToJsonString(Readable);

    // .NET writes 1E-08, people write 1e-8.
    [GeneratedRegex("E([-+])0*([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Exponent();

    [GeneratedRegex(@"^[A-Za-z_./][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
