using System.Collections.Immutable;
using System.Runtime.InteropServices;

using Trainer.Backends;
using Trainer.Models;
using Trainer.Training;
using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>
/// A worker's side of the exchange: every gradient to the server of its partition, every answer into the weights.
/// Partitions on the same silo are called directly, on the compute thread; the others by message.
/// </summary>
internal sealed class GradientExchange
{
    private readonly IParameterServerGrain[] _servers;
    private readonly StepAggregator?[] _local;
    private readonly ParameterRange[] _ranges;
    private readonly StepDeadline _deadline;
    private readonly int _incarnation;

    /// <summary>An exchange with all servers of a job; they have been initialised.</summary>
    /// <param name="job">Id of the job.</param>
    /// <param name="grains">Makes grain references.</param>
    /// <param name="partitions">The partitions of this silo.</param>
    /// <param name="layout">Layout of the parameters.</param>
    /// <param name="assignment">Incarnation of the job and its number of partitions.</param>
    /// <param name="deadline">Ends waits at partitions of this silo.</param>
    public GradientExchange(
        string job,
        IGrainFactory grains,
        LocalPartitions partitions,
        ParameterLayout layout,
        ShardAssignment assignment,
        StepDeadline deadline)
    {
        int[] used = layout.UsedPartitions(assignment.Partitions);
        string[] keys = [.. used.Select(i => $"{job}/{i}")];
        _servers = [.. keys.Select(key => grains.GetGrain<IParameterServerGrain>(key))];
        _local =
        [
            .. keys.Select(key => partitions.Find(key) is { SharesNorms: false } steps ? steps : null),
        ];
        _ranges = [.. used.Select(i => layout.Partition(i, assignment.Partitions))];
        (_incarnation, _deadline) = (assignment.Incarnation, deadline);
    }

    /// <summary>The partition of this silo that holds all parameters; null where there are others.</summary>
    public StepAggregator? OnlyPartition => _local is [{ } only] ? only : null;

    /// <summary>Pushes to the partitions of this silo, on the calling thread.</summary>
    /// <param name="version">Version of the weights.</param>
    /// <param name="stepInEpoch">Step within the epoch.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="nodes">This worker's nodes, whole gradients.</param>
    /// <param name="wantsSquares">Whether the answers shall have the sums of squares of the gradient.</param>
    public PushedStep PushLocal(
        long version, int stepInEpoch, float rate, ImmutableArray<GradientNode> nodes, bool wantsSquares)
    {
        var pushes = new GradientPush[_servers.Length];
        var replies = new Task<StepReply>?[_servers.Length];
        for (int i = 0; i < pushes.Length; i++)
        {
            pushes[i] = new GradientPush(
                _incarnation, version, stepInEpoch, rate, Slices(nodes, _ranges[i]), wantsSquares);
            replies[i] = _local[i]?.PushAsync(pushes[i]);
        }

        return new PushedStep(pushes, replies);
    }

    /// <summary>Pushes to the other partitions, and waits for all.</summary>
    /// <param name="step">What was pushed.</param>
    /// <returns>The answers, in partition order.</returns>
    public Task<StepReply[]> FinishAsync(PushedStep step) => Task.WhenAll(
        _servers.Select((server, i) => step.Replies[i] is { } reply
            ? _deadline.WaitAsync(reply, _local[i]!, step.Pushes[i])
            : server.PushAndPullAsync(step.Pushes[i])));

    /// <summary>
    /// Gives answered weights to the worker: a single partition's are read where they are, for a server leaves them as
    /// they are until the worker has pushed once more; those of several are copied to their places.
    /// </summary>
    /// <param name="parts">Weights in the order of the answers.</param>
    /// <param name="worker">The worker.</param>
    public void Store(IReadOnlyList<Tensor> parts, IShardSession worker)
    {
        if (parts is [{ } whole])
        {
            worker.Weights = whole.Values;
            return;
        }

        int i = 0;
        foreach (Tensor part in parts)
        {
            worker.SetWeights(_ranges[i], part.Values.Span);
            i++;
        }
    }

    /// <summary>The weights of every server now, in partition order.</summary>
    public async Task<Tensor[]> PullAsync()
    {
        PartitionWeights[] parts = await Task.WhenAll(_servers.Select(server => server.PullAsync()));
        return [.. parts.Select(part => part.Weights)];
    }

    private static ImmutableArray<GradientSum> Slices(ImmutableArray<GradientNode> nodes, ParameterRange range)
    {
        var sums = new GradientSum[nodes.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            GradientNode node = nodes[i];
            sums[i] = new GradientSum(
                node.Node.Level,
                node.Node.Index,
                new Tensor(node.Gradient.Slice(range.Offset, range.Length)),
                node.Loss,
                node.RowCount,
                node.WeightSum);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(sums);
    }
}
