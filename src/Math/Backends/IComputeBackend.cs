using Trainer.Data;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Training;

namespace Trainer.Backends;

/// <summary>
/// The arithmetic of the whole program, at the level of steps: what one worker or server asks of its device.
/// </summary>
/// <remarks>
/// A session may keep rows, weights and optimizer state in memory of its own for as long as it is open; the caller sees
/// gradients and weights where it asks for them. One user at a time for each session.
/// </remarks>
public interface IComputeBackend
{
    /// <summary>
    /// The name of the summation rule, in checkpoints and summaries: two backends with the same id give the same bits.
    /// </summary>
    string Kernel { get; }

    /// <summary>A worker's part of a training: the gradients of some logical shards.</summary>
    /// <param name="setup">The training.</param>
    /// <param name="rows">
    /// For each held shard its training rows in the order of <see cref="LogicalShards.RowsOf"/>; read once, here.
    /// </param>
    /// <exception cref="ArgumentException">The rows are not those of the shards, or do not fit the network.</exception>
    IShardSession OpenShards(TrainingSetup setup, IReadOnlyDictionary<int, RowSet> rows);

    /// <summary>A server's part of a training: a range of the parameters, freshly initialised.</summary>
    /// <param name="setup">The training.</param>
    /// <param name="range">The partition: whole blocks of the layout.</param>
    IPartitionSession OpenPartition(TrainingSetup setup, ParameterRange range);

    /// <summary>
    /// Joins all shards with all parameters of a training, where nothing has to be exchanged. Both sessions stay as
    /// they are and go on to work on their own; the joined one ends with them.
    /// </summary>
    /// <param name="shards">A session of this backend that holds all logical shards.</param>
    /// <param name="partition">A session of this backend that holds all parameters of the same network.</param>
    /// <exception cref="ArgumentException">A session is another backend's, or holds only a part.</exception>
    ILocalSession OpenLocal(IShardSession shards, IPartitionSession partition);

    /// <inheritdoc cref="Evaluator.Evaluate"/>
    EvaluationSums Evaluate(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows);

    /// <inheritdoc cref="Evaluator.Predict"/>
    float[] Predict(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows);
}
