using System.Text.Json.Serialization;

namespace Trainer.Golden;

/// <summary>Losses computed from logits alone. The README of tests/Golden has the logits of each.</summary>
internal sealed class TorchLosses
{
    /// <summary>Logits of the three cross-entropies, [2][3].</summary>
    [JsonPropertyName("logits"), JsonRequired]
    public required double[][] Logits { get; init; }

    /// <summary>Classes of the three cross-entropies.</summary>
    [JsonPropertyName("targets"), JsonRequired]
    public required int[] Targets { get; init; }

    [JsonPropertyName("ce"), JsonRequired]
    public required TorchLoss CrossEntropy { get; init; }

    [JsonPropertyName("ce_label_smoothing_0.1"), JsonRequired]
    public required TorchLoss LabelSmoothing { get; init; }

    [JsonPropertyName("ce_class_weight_1_2_3"), JsonRequired]
    public required TorchLoss ClassWeights { get; init; }

    /// <summary>Logits 800, -800, 0 with targets 0, 1, 1.</summary>
    [JsonPropertyName("bce_extreme_logits_800"), JsonRequired]
    public required TorchLoss BinaryExtreme { get; init; }

    /// <summary>Logits 1000, 0, -1000 of one row with class 2.</summary>
    [JsonPropertyName("ce_extreme_logits_1000"), JsonRequired]
    public required TorchLoss CrossEntropyExtreme { get; init; }

    /// <summary>Logits 0.3, -1.2 with targets 1, 0.</summary>
    [JsonPropertyName("bce_pos_weight_2.5"), JsonRequired]
    public required TorchLoss PositiveWeight { get; init; }
}

/// <summary>A loss and its gradient.</summary>
internal sealed class TorchLoss
{
    [JsonPropertyName("loss"), JsonRequired]
    public required double Loss { get; init; }

    /// <summary>Gradient of the mean loss by the logits, [rows][outputs].</summary>
    [JsonPropertyName("dlogits"), JsonRequired]
    public required double[][] Gradient { get; init; }
}
