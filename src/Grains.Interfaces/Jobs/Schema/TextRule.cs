using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>Text that is not empty.</summary>
internal sealed partial class TextRule : Rule<string>
{
    private readonly string _expected;
    private readonly Func<string, bool> _holds;
    private readonly JsonObject _schema;

    private TextRule(string expected, Func<string, bool> holds, JsonObject schema)
    {
        _expected = expected;
        _holds = holds;
        _schema = schema;
    }

    /// <summary>Any text.</summary>
    /// <param name="expected">What it is, after the words "it must be".</param>
    public static TextRule Any(string expected) =>
        new(expected, text => text.Length > 0, new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    /// <summary>The name of a job, which becomes part of paths.</summary>
    public static TextRule Name() => new(
        "1 to 64 of the characters A-Z a-z 0-9 . _ - without a leading dot",
        text => NamePattern().IsMatch(text),
        new JsonObject { ["type"] = "string", ["pattern"] = "^(?!\\.)[A-Za-z0-9._-]{1,64}$" });

    /// <summary>The base URL of a receiver.</summary>
    public static TextRule Url() => new(
        "an absolute http or https URL such as http://127.0.0.1:4318",
        IsBaseUrl,
        new JsonObject { ["type"] = "string", ["format"] = "uri", ["pattern"] = "^https?://" });

    /// <inheritdoc/>
    public override string Expected => _expected;

    /// <inheritdoc/>
    public override string Read(SourceNode node, string path)
    {
        if (node is not ScalarNode { IsNull: false } scalar)
        {
            throw Wrong(node, path);
        }

        if (!scalar.IsText)
        {
            throw Wrong(node, path, $"; put it in quotes if it is meant as text: \"{Problem.Quote(scalar.Text)}\".");
        }

        return _holds(scalar.Text) && !scalar.Text.Contains('\0', StringComparison.Ordinal)
            ? scalar.Text
            : throw Wrong(node, path);
    }

    /// <inheritdoc/>
    public override JsonNode Write(string value) => JsonValue.Create(value);

    /// <inheritdoc/>
    public override JsonObject Describe() => (JsonObject)_schema.DeepClone();

    // Paths such as /v1/traces are appended, so it ends with no query.
    private static bool IsBaseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { Query: "", Fragment: "" };

    [GeneratedRegex(@"^(?!\.)[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
