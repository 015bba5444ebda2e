using System.Collections.Immutable;

using Trainer.Models;

namespace Trainer.Jobs;

/// <summary>Section <c>model</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.model-spec")]
public sealed record ModelSpec
{
    /// <summary>Widths of the hidden layers; empty: linear, logistic or softmax regression.</summary>
    [Id(0)] public ImmutableArray<int> Hidden { get; init; } = [16];

    /// <summary>Activation of the hidden layers.</summary>
    [Id(1)] public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Output unit; null: from the target (<c>auto</c>).</summary>
    [Id(2)] public OutputUnit? Output { get; init; }

    /// <summary>Initialisation; null: follows the activation (<c>auto</c>).</summary>
    [Id(3)] public WeightInitialization? Init { get; init; }

    /// <summary>Share of hidden activations that training drops.</summary>
    [Id(4)] public double Dropout { get; init; }

    /// <summary>Decision threshold of the positive class, in (0, 1).</summary>
    [Id(5)] public double Threshold { get; init; } = 0.5;

    /// <summary>A safetensors file to start from; null: none.</summary>
    [Id(6)] public string? InitialWeights { get; init; }
}
