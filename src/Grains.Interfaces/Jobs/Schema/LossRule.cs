using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;
using Trainer.Losses;

namespace Trainer.Jobs.Schema;

/// <summary><c>loss</c>: <c>auto</c>, a name, or a map with a name.</summary>
internal sealed class LossRule : Rule<LossSpec?>, INamed
{
    private const string Auto = "auto";

    private static readonly ChoiceRule<LossFunction?> Names = new(
        [(Auto, null), .. ValueNames.Losses.Select(loss => (loss.Name, (LossFunction?)loss.Value))]);

    private static readonly Section<LossSpec> Map = new(
        new LossSpec(),
        Key<LossSpec>.Of(
            "name", "The loss; auto: from the output unit.", Names, s => s.Name, (s, v) => s with { Name = v }),
        Key<LossSpec>.Of(
            "label_smoothing", "Share of a row's target that is spread over all classes; of cross_entropy.",
            new NumberRule { From = 0, Below = 1 }, s => s.LabelSmoothing, (s, v) => s with { LabelSmoothing = v }),
        Key<LossSpec>.Of(
            "class_weights", "Weight of the rows of each class.",
            new ClassWeightsRule(), s => s.ClassWeights, (s, v) => s with { ClassWeights = v }),
        Key<LossSpec>.Of(
            "positive_weight", "Factor of the loss of the positive class; of binary_cross_entropy.",
            new NumberRule { Above = 0 }.OrNull(),
            s => s.PositiveWeight, (s, v) => s with { PositiveWeight = v == 1 ? null : v }));

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
        LossSpec spec = node switch
        {
            ScalarNode { IsText: true } => new LossSpec { Name = Names.Read(node, path) },
            MapNode => Map.Read(node, path),
            _ => throw Wrong(node, path),
        };
        return spec == new LossSpec() ? null : spec;
    }

    /// <summary>The name alone where it says everything.</summary>
    public override JsonNode Write(LossSpec? value) =>
        value is null || value == new LossSpec { Name = value.Name } ? Names.Write(value?.Name) : Map.Write(value);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["anyOf"] = new JsonArray(Names.Describe(), Map.Describe()) };
}

/// <summary><c>loss.class_weights</c>: <c>none</c>, <c>balanced</c>, or a map from classes to weights.</summary>
internal sealed class ClassWeightsRule : Rule<ClassWeightsSpec?>
{
    private static readonly ChoiceRule<ClassWeightsSpec?> Words =
        new([("none", null), ("balanced", new ClassWeightsSpec([]))]);

    private static readonly NumberRule Weight = new() { From = 0 };

    /// <inheritdoc/>
    public override string Expected => "none or balanced, or a map from classes to weights";

    /// <inheritdoc/>
    public override ClassWeightsSpec? Read(SourceNode node, string path) => node switch
    {
        MapNode { Entries.Count: > 0 } map => new ClassWeightsSpec(
            [.. map.Entries.Select(entry => new ClassWeight(entry.Key, Read(entry.Key, entry.Value, path)))]),
        ScalarNode { IsText: true } => Words.Read(node, path),
        _ => throw Wrong(node, path),
    };

    /// <inheritdoc/>
    public override JsonNode? Write(ClassWeightsSpec? value) => value switch
    {
        null => JsonValue.Create("none"),
        { Weights.IsEmpty: true } => JsonValue.Create("balanced"),
        _ => new JsonObject(
            value.Weights.Select(weight => KeyValuePair.Create(weight.Class, (JsonNode?)weight.Weight))),
    };

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["anyOf"] = new JsonArray(
            Words.Describe(),
            new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = Weight.Describe(),
                ["minProperties"] = 1,
            }),
    };

    private static double Read(string name, MapEntry entry, string path) =>
        Weight.Read(entry.Value, $"{path}.{Problem.Quote(name)}");
}
