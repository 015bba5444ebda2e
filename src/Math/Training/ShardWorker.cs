using System.Collections.Immutable;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>One worker's part of a step: the gradients of its logical shards, combined to maximal aligned subtrees.</summary>
public sealed class ShardWorker
{
    /// <summary>A worker over some of a job's logical shards.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="shards">The job's logical shards.</param>
    /// <param name="rows">For each held shard its training rows in the order of <see cref="LogicalShards.RowsOf"/>.</param>
    /// <param name="team">The compute threads it may use.</param>
    public ShardWorker(MlpArchitecture architecture, LogicalShards shards, IReadOnlyDictionary<int, RowSet> rows, IComputeTeam team) =>
        throw new NotImplementedException();

    /// <summary>The current weights, flat in panel order; the caller writes what it pulled.</summary>
    public Span<float> Weights => throw new NotImplementedException();

    /// <summary>Gradients of one step. Each call returns fresh arrays that the caller may give away.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <returns>Maximal aligned subtrees in ascending order; empty when none of the held shards has a row in this step.</returns>
    public ImmutableArray<GradientNode> ComputeGradients(int epoch, int step) => throw new NotImplementedException();
}
