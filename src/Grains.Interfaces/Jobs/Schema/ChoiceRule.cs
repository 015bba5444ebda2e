using System.Text.Json.Nodes;

using Trainer.Data;
using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>One of a few names.</summary>
/// <param name="choices">Names with what they stand for.</param>
internal sealed class ChoiceRule<T>((string Name, T Value)[] choices) : Rule<T>
{
    private readonly string[] _names = [.. choices.Select(choice => choice.Name)];
    private string[] _later = [];

    /// <inheritdoc/>
    public override string Expected => Problem.OneOf(_names);

    /// <summary>Names of the contract that are not built yet.</summary>
    public ChoiceRule<T> Later(params string[] names)
    {
        _later = names;
        return this;
    }

    /// <inheritdoc/>
    public override T Read(SourceNode node, string path)
    {
        if (node is not ScalarNode scalar)
        {
            throw Wrong(node, path);
        }

        int index = Array.IndexOf(_names, scalar.Text);
        if (index >= 0)
        {
            return choices[index].Value;
        }

        throw _later.Contains(scalar.Text)
            ? Problem.NotBuilt(node, path, Problem.OneOf(_names))
            : Wrong(node, path, NearestName.Of(scalar.Text, _names) is { } near ? $"; did you mean '{near}'?" : ".");
    }

    /// <inheritdoc/>
    public override JsonNode Write(T value) => JsonValue.Create(choices.NameOf(value));

    /// <inheritdoc/>
    public override JsonObject Describe() =>
        new() { ["enum"] = new JsonArray([.. _names.Select(name => JsonValue.Create(name))]) };
}
