using System.Text.Json.Nodes;

using Trainer.Data;
using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary><c>split.folds</c>: how many, or a file.</summary>
internal sealed class FoldsRule : Rule<FoldsSpec>
{
    private readonly IntegerRule<int> _count = new(2, FoldSplit.Most);
    private readonly TextRule _file = TextRule.Any("the path of a CSV file with the columns row and fold");

    /// <inheritdoc/>
    public override string Expected => $"{_count.Expected}, or {_file.Expected}";

    /// <inheritdoc/>
    public override FoldsSpec Read(SourceNode node, string path) => node switch
    {
        ScalarNode scalar when scalar.TryInteger(out long count) && count is >= 2 and <= FoldSplit.Most =>
            new((int)count),
        ScalarNode { IsText: true } => new(0, _file.Read(node, path)),
        _ => throw Wrong(node, path),
    };

    /// <inheritdoc/>
    public override JsonNode? Write(FoldsSpec value) =>
        value.File is { } file ? _file.Write(file) : _count.Write(value.Count);

    /// <inheritdoc/>
    public override JsonObject Describe() =>
        new() { ["anyOf"] = new JsonArray(_count.Describe(), _file.Describe()) };
}
