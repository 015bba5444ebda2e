using System.Text.Json.Serialization;

namespace Trainer.Jobs;

/// <summary>Section <c>optimizer</c>; the key <c>name</c> picks the kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(SgdSpec), "sgd")]
[JsonDerivedType(typeof(AdamSpec), "adam")]
[GenerateSerializer, Immutable, Alias("trainer.optimizer-spec")]
public abstract record OptimizerSpec
{
    /// <summary>The learning rate, above 0; the schedule scales it.</summary>
    [Id(0)] public double LearningRate { get; init; }

    /// <summary>L2 penalty, as in PyTorch's sgd and adam; at least 0.</summary>
    [Id(1)] public double WeightDecay { get; init; }
}

/// <summary>Stochastic gradient descent.</summary>
[GenerateSerializer, Immutable, Alias("trainer.sgd-spec")]
public sealed record SgdSpec : OptimizerSpec
{
    /// <summary>Sgd with its default learning rate.</summary>
    public SgdSpec() => LearningRate = 0.01;

    /// <summary>Momentum in [0, 1).</summary>
    [Id(0)] public double Momentum { get; init; }
}

/// <summary>Adam.</summary>
[GenerateSerializer, Immutable, Alias("trainer.adam-spec")]
public sealed record AdamSpec : OptimizerSpec
{
    /// <summary>Adam with its default learning rate.</summary>
    public AdamSpec() => LearningRate = 0.001;

    /// <summary>Decay of the first moment, in [0, 1).</summary>
    [Id(0)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    [Id(1)] public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, above 0.</summary>
    [Id(2)] public double Epsilon { get; init; } = 1e-8;
}
