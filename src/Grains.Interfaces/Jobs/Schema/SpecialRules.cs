using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary><c>data.source</c>: a catalogue name or a path; a map is a generator, which is not built yet.</summary>
internal sealed class SourceRule : Rule<string>
{
    private readonly TextRule _text = TextRule.Any("a catalogue name or a path");

    /// <inheritdoc/>
    public override string Expected => _text.Expected;

    /// <inheritdoc/>
    public override string Read(SourceNode node, string path) => node switch
    {
        MapNode => throw Problem.At(
            node.Place, $"'{path}' is a map (a generator), which is not built yet; use {Expected}."),
        ScalarNode => _text.Read(node, path),
        _ => throw Wrong(node, path),
    };

    /// <inheritdoc/>
    public override JsonNode Write(string value) => _text.Write(value);

    /// <inheritdoc/>
    public override JsonObject Describe() => _text.Describe();
}
