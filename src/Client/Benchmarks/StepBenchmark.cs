using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Training;

namespace Trainer.Benchmarks;

/// <summary>Training steps of one network with one optimizer.</summary>
/// <param name="Network">The network.</param>
/// <param name="Optimizer">Name of the optimizer in a job file.</param>
/// <param name="Threads">Threads that computed: one where the steps are too small to be shared.</param>
/// <param name="Step">Time of a step.</param>
/// <param name="Independent">
/// With several threads the bound: a step's share of the time of as many runs of one thread each, side by side.
/// </param>
internal sealed record StepFigure(
    BenchNetwork Network, string Optimizer, int Threads, Timing Step, Timing? Independent);

/// <summary>Measures real training steps, with gathering of rows, sums in tree order and update.</summary>
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
    /// <param name="pool">The compute threads that may be used.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public static StepFigure Run(
        BenchNetwork network,
        (string Name, OptimizerSettings Settings) optimizer,
        ComputePool pool,
        BenchClock clock,
        CancellationToken cancellationToken)
    {
        IComputeTeam team = pool.TeamFor(network.Architecture, network.BatchSize);
        using TrainingLoop loop = Open(network, optimizer.Settings, team);
        if (team.Size == 1)
        {
            Timing one = clock.Measure(Epoch(loop), cancellationToken);
            return new StepFigure(network, optimizer.Name, 1, one.PerStep(network.Steps), null);
        }

        TrainingLoop[] loops =
        [
            .. Enumerable.Range(0, team.Size).Select(_ => Open(network, optimizer.Settings, SerialTeam.Instance)),
        ];
        Action[] shared = [Epoch(loop)];
        Action[] alone = [.. loops.Select(Epoch)];
        (Timing step, Timing independent) = clock.MeasureBoth(
            () => SideBySide(pool, clock, shared), () => SideBySide(pool, clock, alone), cancellationToken);
        foreach (TrainingLoop each in loops)
        {
            each.Dispose();
        }

        return new StepFigure(
            network, optimizer.Name, team.Size, step.PerStep(network.Steps), independent.PerStep(network.Steps));
    }

    private static TrainingLoop Open(BenchNetwork network, OptimizerSettings optimizer, IComputeTeam team)
    {
        int rows = network.BatchSize * network.Steps;
        return new TrainingLoop(
            network.Architecture,
            WeightInitialization.He,
            optimizer,
            new LogicalShards(rows, network.BatchSize, network.LogicalShards, seed: 1, shuffle: true),
            RandomRows(network.Architecture, rows),
            seed: 1,
            team: team);
    }

    // One epoch after the other.
    private static Action Epoch(TrainingLoop loop)
    {
        int epoch = 0;
        return () => loop.RunEpoch(epoch++, LearningRate);
    }

    // Each on a thread of its own. Seconds that one would take at the rate of all together.
    private static double SideBySide(ComputePool pool, BenchClock clock, Action[] runs)
    {
        Task<double>[] seconds = [.. runs.Select(run => pool.RunAsync(() => clock.Seconds(run)))];
        return 1 / Task.WhenAll(seconds).GetAwaiter().GetResult().Sum(each => 1 / each);
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
