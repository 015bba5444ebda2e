using System.Text.Json.Serialization;

namespace Trainer.Jobs;

/// <summary>Section <c>optimizer</c>; the key <c>name</c> picks the kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(SgdSpec), "sgd")]
[JsonDerivedType(typeof(AdamSpec), "adam")]
[JsonDerivedType(typeof(AdamWSpec), "adamw")]
[JsonDerivedType(typeof(NAdamSpec), "nadam")]
[JsonDerivedType(typeof(RmsPropSpec), "rmsprop")]
[JsonDerivedType(typeof(AdagradSpec), "adagrad")]
[JsonDerivedType(typeof(AdadeltaSpec), "adadelta")]
[GenerateSerializer, Immutable, Alias("trainer.optimizer-spec")]
public abstract record OptimizerSpec
{
    /// <summary>The learning rate, above 0; the schedule scales it.</summary>
    [Id(0)] public double LearningRate { get; init; }

    /// <summary>L2 penalty as in PyTorch, of adamw decoupled; at least 0.</summary>
    [Id(1)] public double WeightDecay { get; init; }

    /// <summary>Whether biases decay, too.</summary>
    [Id(2)] public bool DecayBiases { get; init; } = true;

    /// <summary>Largest norm of the gradient, above 0; null: no clipping.</summary>
    [Id(3)] public double? ClipNorm { get; init; }
}

/// <summary>Stochastic gradient descent.</summary>
[GenerateSerializer, Immutable, Alias("trainer.sgd-spec")]
public sealed record SgdSpec : OptimizerSpec
{
    /// <summary>Sgd with its default learning rate.</summary>
    public SgdSpec() => LearningRate = 0.01;

    /// <summary>Momentum in [0, 1).</summary>
    [Id(0)] public double Momentum { get; init; }

    /// <summary>Nesterov's momentum; needs a momentum above 0.</summary>
    [Id(1)] public bool Nesterov { get; init; }
}

/// <summary>What the members of the Adam family share.</summary>
[GenerateSerializer, Immutable, Alias("trainer.adam-family-spec")]
public abstract record AdamFamilySpec : OptimizerSpec
{
    /// <summary>Decay of the first moment, in [0, 1).</summary>
    [Id(0)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    [Id(1)] public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, above 0.</summary>
    [Id(2)] public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Adam.</summary>
[GenerateSerializer, Immutable, Alias("trainer.adam-spec")]
public sealed record AdamSpec : AdamFamilySpec
{
    /// <summary>Adam with its default learning rate.</summary>
    public AdamSpec() => LearningRate = 0.001;

    /// <summary>Divide by the largest second moment so far.</summary>
    [Id(0)] public bool AmsGrad { get; init; }
}

/// <summary>Adam with decoupled weight decay, PyTorch's defaults.</summary>
[GenerateSerializer, Immutable, Alias("trainer.adamw-spec")]
public sealed record AdamWSpec : AdamFamilySpec
{
    /// <summary>AdamW with its default learning rate and weight decay.</summary>
    public AdamWSpec() => (LearningRate, WeightDecay) = (0.001, 0.01);
}

/// <summary>Adam with Nesterov's momentum, PyTorch's defaults.</summary>
[GenerateSerializer, Immutable, Alias("trainer.nadam-spec")]
public sealed record NAdamSpec : AdamFamilySpec
{
    /// <summary>NAdam with its default learning rate.</summary>
    public NAdamSpec() => LearningRate = 0.002;
}

/// <summary>RMSProp, PyTorch's defaults.</summary>
[GenerateSerializer, Immutable, Alias("trainer.rmsprop-spec")]
public sealed record RmsPropSpec : OptimizerSpec
{
    /// <summary>RMSProp with its default learning rate.</summary>
    public RmsPropSpec() => LearningRate = 0.01;

    /// <summary>Decay of the mean square, in [0, 1).</summary>
    [Id(0)] public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the root of the mean square, above 0.</summary>
    [Id(1)] public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Adagrad, PyTorch's defaults.</summary>
[GenerateSerializer, Immutable, Alias("trainer.adagrad-spec")]
public sealed record AdagradSpec : OptimizerSpec
{
    /// <summary>Adagrad with its default learning rate.</summary>
    public AdagradSpec() => LearningRate = 0.01;

    /// <summary>Added to the root of the sum of squares, above 0.</summary>
    [Id(0)] public double Epsilon { get; init; } = 1e-10;
}

/// <summary>Adadelta, PyTorch's defaults.</summary>
[GenerateSerializer, Immutable, Alias("trainer.adadelta-spec")]
public sealed record AdadeltaSpec : OptimizerSpec
{
    /// <summary>Adadelta with its default learning rate.</summary>
    public AdadeltaSpec() => LearningRate = 1;

    /// <summary>Decay of both mean squares, in [0, 1).</summary>
    [Id(0)] public double Rho { get; init; } = 0.9;

    /// <summary>Added under both roots, above 0.</summary>
    [Id(1)] public double Epsilon { get; init; } = 1e-6;
}
