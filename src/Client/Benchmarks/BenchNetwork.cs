using System.Collections.Immutable;

using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Benchmarks;

/// <summary>A network whose training steps are measured.</summary>
/// <param name="Name">A letter.</param>
/// <param name="Architecture">The network.</param>
/// <param name="BatchSize">Rows of a step.</param>
/// <param name="LogicalShards">As <c>logical_shards: auto</c> chooses them for the batch.</param>
/// <param name="Steps">Steps of an epoch: what is timed at once.</param>
internal sealed record BenchNetwork(
    string Name, MlpArchitecture Architecture, int BatchSize, int LogicalShards, int Steps)
{
    /// <summary>From a classifier of images down to a toy.</summary>
    public static IReadOnlyList<BenchNetwork> All { get; } =
    [
        new("a", Classifier(784, [512, 256], 10), 128, 8, 16),
        new("b", Classifier(784, [2048, 2048], 10), 256, 16, 4),
        new("c", Binary(13, [64, 32], Activation.Sigmoid), 32, 2, 200),
        new("d", Binary(2, [8, 8], Activation.Tanh), 10, 1, 200),
    ];

    /// <summary>The widths: <c>784-512-256-10</c>.</summary>
    public string Widths => string.Join(
        '-', Architecture.Hidden.Prepend(Architecture.Inputs).Append(Architecture.Outputs));

    /// <summary>
    /// Floating-point operations of the products of a step: forward and weight gradient of each layer, and the input
    /// gradient of all but the first.
    /// </summary>
    public double Operations
    {
        get
        {
            int[] widths = [Architecture.Inputs, .. Architecture.Hidden, Architecture.Outputs];
            double operations = -2.0 * widths[0] * widths[1];
            for (int layer = 1; layer < widths.Length; layer++)
            {
                operations += 6.0 * widths[layer - 1] * widths[layer];
            }

            return operations * BatchSize;
        }
    }

    private static MlpArchitecture Classifier(int inputs, ImmutableArray<int> hidden, int classes) =>
        new(inputs, hidden, Activation.Relu, classes, OutputUnit.Softmax, LossFunction.CrossEntropy);

    private static MlpArchitecture Binary(int inputs, ImmutableArray<int> hidden, Activation activation) =>
        new(inputs, hidden, activation, 1, OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy);
}
