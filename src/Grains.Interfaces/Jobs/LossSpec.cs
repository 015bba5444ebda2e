using System.Collections.Immutable;

using Trainer.Losses;

namespace Trainer.Jobs;

/// <summary>Section <c>loss</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.loss-spec")]
public sealed record LossSpec
{
    /// <summary>The loss; null: from the output unit (<c>auto</c>).</summary>
    [Id(0)] public LossFunction? Name { get; init; }

    /// <summary>Share of a row's target that is spread over all classes, in [0, 1).</summary>
    [Id(1)] public double LabelSmoothing { get; init; }

    /// <summary>Weights of the rows by class; null: none.</summary>
    [Id(2)] public ClassWeightsSpec? ClassWeights { get; init; }

    /// <summary>Factor of the loss of the positive class; null: 1.</summary>
    [Id(3)] public double? PositiveWeight { get; init; }
}

/// <summary>Weights of the rows by class.</summary>
/// <param name="Weights">The weights given, others are 1; empty: balanced, all classes weigh the same.</param>
[GenerateSerializer, Immutable, Alias("trainer.class-weights-spec")]
public sealed record ClassWeightsSpec([property: Id(0)] ImmutableArray<ClassWeight> Weights);

/// <summary>The weight of a class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Weight">The weight of each of its rows, at least 0.</param>
[GenerateSerializer, Immutable, Alias("trainer.class-weight")]
public sealed record ClassWeight([property: Id(0)] string Class, [property: Id(1)] double Weight);
