using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;
using Trainer.Losses;

namespace Trainer.Jobs.Schema;

/// <summary><c>loss</c>: <c>auto</c>, a name, or a map with a name.</summary>
internal sealed class LossRule : Rule<LossSpec?>, INamed
{
    private const string Auto = "auto";

    private static readonly ChoiceRule<LossFunction?> Names = new ChoiceRule<LossFunction?>(
        [(Auto, null), .. ValueNames.Losses.Select(loss => (loss.Name, (LossFunction?)loss.Value))])
        .Later("perceptron");

    private static readonly Section<LossFunction?> Map = new(
        null,
        Key<LossFunction?>.Of("name", "The loss; auto: from the output unit.", Names, loss => loss, (_, loss) => loss),
        Key<LossFunction?>.Later("label_smoothing", "Share of the target spread over the other classes.", 0.0),
        Key<LossFunction?>.Later("class_weights", "Weight of each class.", "none"),
        Key<LossFunction?>.Later("positive_weight", "Weight of the positive class.", null, 1.0));

    /// <inheritdoc/>
    public string DefaultName => Auto;

    /// <inheritdoc/>
    public bool KeysFollowName => false;

    /// <inheritdoc/>
    public override string Expected => $"{Names.Expected}, or a map with the key name";

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => Map.Paths;

    /// <inheritdoc/>
    public override LossSpec? Read(SourceNode node, string path)
    {
        LossFunction? loss = node switch
        {
            ScalarNode { IsText: true } => Names.Read(node, path),
            MapNode => Map.Read(node, path),
            _ => throw Wrong(node, path),
        };
        return loss is { } name ? new LossSpec { Name = name } : null;
    }

    /// <inheritdoc/>
    public override JsonNode Write(LossSpec? value) => Names.Write(value?.Name);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["anyOf"] = new JsonArray(Names.Describe(), Map.Describe()) };
}
