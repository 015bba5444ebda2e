using Trainer.Data;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Training;

namespace Trainer.Benchmarks;

/// <summary>Training steps of one network with one optimizer.</summary>
/// <param name="Network">The network.</param>
/// <param name="Optimizer">Name of the optimizer in a job file.</param>
/// <param name="Step">Time of a step.</param>
internal sealed record StepFigure(BenchNetwork Network, string Optimizer, Timing Step);

/// <summary>
/// Measures real training steps, with gathering of rows, sums in tree order and update, on one thread.
/// </summary>
internal static class StepBenchmark
{
    private const float LearningRate = 1e-4f;

    /// <summary>The optimizers: <c>sgd</c> with momentum, <c>adam</c>.</summary>
    public static IReadOnlyList<(string Name, OptimizerSettings Settings)> Optimizers { get; } =
    [
        ("sgd", new SgdSettings(0.9, 0)),
        ("adam", new AdamSettings(0.9, 0.999, 1e-8, 0)),
    ];

    /// <summary>Measures one network with one optimizer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="optimizer">Name and hyper-parameters of the optimizer.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public static StepFigure Run(
        BenchNetwork network,
        (string Name, OptimizerSettings Settings) optimizer,
        BenchClock clock,
        CancellationToken cancellationToken)
    {
        int rows = network.BatchSize * network.Steps;
        using var loop = new TrainingLoop(
            network.Architecture,
            WeightInitialization.He,
            optimizer.Settings,
            new LogicalShards(rows, network.BatchSize, network.LogicalShards, seed: 1, shuffle: true),
            RandomRows(network.Architecture, rows),
            seed: 1);
        int epoch = 0;
        Timing timing = clock.Measure(() => loop.RunEpoch(epoch++, LearningRate), cancellationToken);
        return new StepFigure(
            network, optimizer.Name, new Timing(timing.Best / network.Steps, timing.Median / network.Steps));
    }

    private static RowSet RandomRows(MlpArchitecture architecture, int rows)
    {
        var random = new SeededRandom(1, RandomStream.Generator);
        int classes = Math.Max(2, architecture.Outputs);
        float[] features = new float[rows * architecture.Inputs];
        float[] targets = new float[rows];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = random.Uniform(0, (ulong)i) - 0.5f;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = (int)(random.Uniform(1, (ulong)i) * classes);
        }

        return new RowSet(rows, architecture.Inputs, 1, features, targets);
    }
}
