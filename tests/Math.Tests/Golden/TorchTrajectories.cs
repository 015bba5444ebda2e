using System.Text.Json.Serialization;

namespace Trainer.Golden;

/// <summary>Five steps of each optimizer from the same start with the same gradients.</summary>
internal sealed class TorchTrajectories
{
    [JsonPropertyName("p0"), JsonRequired]
    public required double[] Start { get; init; }

    /// <summary>Parameters after each step by optimizer name, [step][parameter].</summary>
    [JsonPropertyName("traj"), JsonRequired]
    public required Dictionary<string, double[][]> Steps { get; init; }

    /// <summary>The gradient of step t, counted from 1.</summary>
    public static double[] Gradient(int t) => [0.1 * t, -0.3, (t % 2 == 0 ? 1 : -1) * 0.05 * t];
}
