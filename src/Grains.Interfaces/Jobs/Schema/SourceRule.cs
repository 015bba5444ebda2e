using System.Text.Json.Nodes;

using Trainer.Data;
using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary><c>data.source</c>: a catalogue name, a path, or a map that describes a generator.</summary>
/// <remarks>In the spec a generator is its description, which is the map as YAML writes it on one line.</remarks>
internal sealed class SourceRule : Rule<string>
{
    private const string GeneratorKey = "generator";

    private static readonly ChoiceRule<ToyGenerator> Generators = new(
        [.. GeneratorSource.Names.Zip(Enum.GetValues<ToyGenerator>())]);

    private static readonly Section<GeneratorSource> Map = new(
        new GeneratorSource(),
        Key<GeneratorSource>.Needed(
            GeneratorKey, "The shape.", Generators, s => s.Generator, (s, v) => s with { Generator = v }),
        Key<GeneratorSource>.Of(
            "rows", "Rows.",
            new IntegerRule<int>(1, GeneratorSource.MostRows), s => s.Rows, (s, v) => s with { Rows = v }),
        Key<GeneratorSource>.Of(
            "noise", "Strength of the noise.",
            new NumberRule { From = 0, To = 1 }, s => s.Noise, (s, v) => s with { Noise = v }),
        Key<GeneratorSource>.Of(
            "seed", "Seed of the rows.",
            new IntegerRule<long>(0, long.MaxValue), s => s.Seed, (s, v) => s with { Seed = v }));

    private readonly TextRule _text = TextRule.Any("a catalogue name, a path or a generator");

    /// <inheritdoc/>
    public override string Expected => _text.Expected;

    /// <inheritdoc/>
    public override IEnumerable<string> Paths => Map.Paths;

    /// <inheritdoc/>
    public override string Read(SourceNode node, string path) => node switch
    {
        MapNode => Map.Read(node, path).ToString(),
        ScalarNode => _text.Read(node, path),
        _ => throw Wrong(node, path),
    };

    /// <inheritdoc/>
    public override JsonNode Write(string value) => GeneratorSource.TryParse(value, out GeneratorSource? generator)
        ? Map.Write(generator)!
        : _text.Write(value);

    /// <inheritdoc/>
    public override JsonObject Describe() =>
        new() { ["anyOf"] = new JsonArray(_text.Describe(), Map.Describe()) };
}
