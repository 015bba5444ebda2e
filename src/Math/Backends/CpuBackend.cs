using Trainer.Data;
using Trainer.Kernels;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Training;

namespace Trainer.Backends;

/// <summary>
/// The processor's cores: vector kernels with the same bits at every width and on any number of threads.
/// </summary>
/// <param name="team">The compute threads it may use.</param>
public sealed class CpuBackend(IComputeTeam team) : IComputeBackend
{
    /// <summary>The calling thread alone.</summary>
    public static CpuBackend OneThread { get; } = new(SerialTeam.Instance);

    /// <inheritdoc/>
    public string Kernel => KernelId.Float32;

    /// <inheritdoc/>
    public IShardSession OpenShards(TrainingSetup setup, IReadOnlyDictionary<int, RowSet> rows)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new ShardWorker(setup.Architecture, setup.Shards, rows, team, setup.Objective);
    }

    /// <inheritdoc/>
    public IPartitionSession OpenPartition(TrainingSetup setup, ParameterRange range)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new PartitionServer(
            setup.Architecture, range, setup.Initialization, setup.Seed, setup.Optimizer, setup.Shards, team);
    }

    /// <inheritdoc/>
    public ILocalSession OpenLocal(IShardSession shards, IPartitionSession partition) =>
        shards is ShardWorker worker && partition is PartitionServer server
            ? new LocalSession(worker, server)
            : throw new ArgumentException("Only two sessions of this backend can be joined.", nameof(shards));

    /// <inheritdoc/>
    public EvaluationSums Evaluate(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows) =>
        Evaluator.Evaluate(architecture, weights, rows, team);

    /// <inheritdoc/>
    public float[] Predict(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows) =>
        Evaluator.Predict(architecture, weights, rows, team);
}
