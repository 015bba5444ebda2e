using System.Collections.Immutable;
using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>A list.</summary>
/// <param name="item">What an item may be.</param>
/// <param name="expected">The whole, after the words "it must be".</param>
internal sealed class ListRule<T>(Rule<T> item, string expected) : Rule<ImmutableArray<T>>
{
    /// <summary>Whether one item may stand without brackets.</summary>
    public bool OneWithoutBrackets { get; init; }

    /// <summary>Whether null stands for the empty list.</summary>
    public bool NullIsEmpty { get; init; }

    /// <summary>Whether items must differ.</summary>
    public bool Unique { get; init; }

    /// <inheritdoc/>
    public override string Expected => expected;

    /// <inheritdoc/>
    public override ImmutableArray<T> Read(SourceNode node, string path)
    {
        if (node is ScalarNode scalar && NullIsEmpty && scalar.IsNull)
        {
            return [];
        }

        if (node is ScalarNode && OneWithoutBrackets)
        {
            return [item.Read(node, path)];
        }

        if (node is not ListNode list)
        {
            throw Wrong(node, path);
        }

        var seen = new HashSet<T>();
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>(list.Items.Count);
        foreach ((int index, SourceNode element) in list.Items.Index())
        {
            T value = item.Read(element, $"{path}[{index}]");
            if (Unique && !seen.Add(value))
            {
                throw Problem.At(
                    element.Place, $"'{path}[{index}]' is {element.Display} again; each may stand there once.");
            }

            items.Add(value);
        }

        return items.DrainToImmutable();
    }

    /// <inheritdoc/>
    public override JsonNode? Write(ImmutableArray<T> value) => value.Length switch
    {
        0 when NullIsEmpty => null,
        1 when OneWithoutBrackets => item.Write(value[0]),
        _ => new JsonArray([.. value.Select(item.Write)]),
    };

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item.Describe() };
        if (Unique)
        {
            list["uniqueItems"] = true;
        }

        var forms = new JsonArray(list);
        if (OneWithoutBrackets)
        {
            forms.Add(item.Describe());
        }

        if (NullIsEmpty)
        {
            forms.Add(new JsonObject { ["type"] = "null" });
        }

        return forms.Count == 1 ? (JsonObject)list.DeepClone() : new JsonObject { ["anyOf"] = forms };
    }
}
