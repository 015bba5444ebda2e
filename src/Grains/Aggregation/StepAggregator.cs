using Trainer.Data;
using Trainer.Errors;
using Trainer.Reduction;
using Trainer.Training;
using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>
/// The synchronous step of one partition: collects pushes, updates once the tree is whole, answers all who wait.
/// </summary>
/// <remarks>
/// No Orleans, no clock; safe to call from any thread, so that large partitions are summed on the compute pool. A
/// push is keyed by incarnation, version and tree node; a repeated node is
/// ignored, a push of the step applied last is answered with the weights it led to.
/// </remarks>
internal sealed class StepAggregator(PartitionServer server, LogicalShards shards, int incarnation, string name)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TreeNode> _received = [];
    private TaskCompletionSource<StepReply> _waiting = NewWaiting();
    private StepReply? _last;
    private string? _abandoned;

    /// <summary>The partition.</summary>
    public PartitionServer Server => server;

    /// <summary>Takes a push.</summary>
    /// <param name="push">The push.</param>
    /// <returns>Completes when the step is complete.</returns>
    /// <exception cref="StaleIncarnationException">The push is of another incarnation.</exception>
    /// <exception cref="TrainerException">
    /// The push is of a step that is neither the next nor the last applied.
    /// </exception>
    public Task<StepReply> PushAsync(GradientPush push)
    {
        lock (_gate)
        {
            return Apply(push);
        }
    }

    /// <summary>Which logical shards of a step have not arrived.</summary>
    /// <param name="stepInEpoch">Step within the epoch, from 0.</param>
    public IReadOnlyList<int> Missing(int stepInEpoch)
    {
        lock (_gate)
        {
            return
            [
                .. Enumerable.Range(0, shards.Count).Where(
                    shard => shards.RowsInStep(stepInEpoch, shard) > 0
                        && !_received.Any(node => shard >> node.Level == node.Index)),
            ];
        }
    }

    /// <summary>Goes on from other weights; what had arrived of a step is forgotten.</summary>
    /// <param name="weights">The partition's weights.</param>
    public void Restore(ReadOnlySpan<float> weights)
    {
        lock (_gate)
        {
            server.SetWeights(weights);
            _received.Clear();
        }
    }

    /// <summary>Ends every wait, now and later, with an error.</summary>
    /// <param name="reason">One line.</param>
    public void Abandon(string reason)
    {
        lock (_gate)
        {
            _abandoned = reason;
            _waiting.TrySetException(new TrainerException(reason));
        }
    }

    private Task<StepReply> Apply(GradientPush push)
    {
        if (push.Incarnation != incarnation)
        {
            throw new StaleIncarnationException(
                $"Partition '{name}' belongs to incarnation {incarnation} of its job; a push of incarnation "
                + $"{push.Incarnation} came.");
        }

        if (_abandoned is not null)
        {
            throw new TrainerException(_abandoned);
        }

        if (push.Version == server.Version - 1 && _last is not null)
        {
            return Task.FromResult(_last);
        }

        if (push.Version != server.Version)
        {
            throw new TrainerException(
                $"Partition '{name}' is at version {server.Version}; a push for version {push.Version} came. "
                + "Allowed are this version and the one before.");
        }

        Task<StepReply> reply = _waiting.Task;
        bool complete = false;
        foreach (GradientSum node in push.Nodes)
        {
            _received.Add(node.Node);
            complete |= server.Add(
                push.Version,
                push.StepInEpoch,
                new GradientNode(node.Node, node.Gradient.Values, node.Loss, node.RowCount, node.WeightSum));
        }

        if (complete)
        {
            StepOutcome outcome = server.Update(push.LearningRate);
            _last = new StepReply(
                server.Version,
                new Tensor(server.Weights),
                outcome.LossSum,
                outcome.RowCount,
                outcome.NonFinite,
                outcome.WeightSum);
            _received.Clear();
            TaskCompletionSource<StepReply> answered = _waiting;
            _waiting = NewWaiting();
            answered.SetResult(_last);
        }

        return reply;
    }

    private static TaskCompletionSource<StepReply> NewWaiting()
    {
        var source = new TaskCompletionSource<StepReply>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Nobody may be waiting when it is abandoned; an unobserved exception is no news then.
        _ = source.Task.ContinueWith(
            task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        return source;
    }
}
