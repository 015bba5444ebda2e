using System.Collections.Immutable;

using Trainer.Backends;
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
/// push is keyed by incarnation, version and tree node; a repeated node is ignored, a push of the step applied last is
/// answered with the weights it led to. Where norms are needed the update also waits for those of all partitions.
/// </remarks>
internal sealed class StepAggregator(
    IPartitionSession server, LogicalShards shards, int incarnation, string name, NormExchange norms)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<TreeNode> _received = [];
    private TaskCompletionSource<StepReply> _waiting = NewWaiting();
    private StepReply? _last;
    private float _rate;
    private ImmutableArray<double> _squares = [];
    private string? _abandoned;

    /// <summary>The partition.</summary>
    public IPartitionSession Server => server;

    /// <summary>Key of the partition's grain.</summary>
    public string Name => name;

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

    /// <summary>
    /// Runs steps of a worker that holds all shards, beside this partition that holds all parameters: no push can come.
    /// Keeps others waiting until the run ends, so it should be short.
    /// </summary>
    /// <param name="session">The worker's session joined with that of this partition.</param>
    /// <param name="given">Incarnation of the worker.</param>
    /// <param name="version">Version of the weights that the first step needs.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="totals">Totals of the steps before.</param>
    /// <param name="goesOn">Asked between two steps.</param>
    /// <exception cref="StaleIncarnationException">The worker is of another incarnation.</exception>
    /// <exception cref="TrainerException">The steps do not begin with the next, or the job was abandoned.</exception>
    public StepTotals Run(
        ILocalSession session, int given, long version, LocalSteps steps, StepTotals totals, Func<bool> goesOn)
    {
        lock (_gate)
        {
            RequireIncarnation(given, "a range of steps");
            RequireRunning();
            if (version != server.Version)
            {
                throw new TrainerException(
                    $"Partition '{name}' is at version {server.Version}; steps from version {version} on came.");
            }

            // No push led to these weights, so none may be answered with them.
            _last = null;
            return session.Run(steps, totals, goesOn);
        }
    }

    /// <summary>This partition's norm of the step at hand, once: to be sent to the other partitions.</summary>
    /// <returns>Null while the step is not complete, when it was taken, and where none is needed.</returns>
    public NormShare? TakeNorm()
    {
        lock (_gate)
        {
            return norms.Take();
        }
    }

    /// <summary>Takes another partition's norm.</summary>
    /// <param name="norm">The norm.</param>
    /// <exception cref="StaleIncarnationException">It is of another incarnation.</exception>
    /// <exception cref="TrainerException">It is of a step to come.</exception>
    public void AcceptNorm(NormShare norm)
    {
        lock (_gate)
        {
            RequireIncarnation(norm.Incarnation, "a norm");
            if (norm.Version > server.Version)
            {
                throw new TrainerException(
                    $"Partition '{name}' is at version {server.Version}; a norm for version {norm.Version} came.");
            }

            if (norm.Version == server.Version)
            {
                norms.Add(norm);
                UpdateIfComplete();
            }
        }
    }

    /// <summary>Whether a step also waits for the norms of other partitions.</summary>
    public bool SharesNorms => server.NeedsNorms && norms.HasOthers;

    /// <summary>A copy of the weights now, and their version.</summary>
    public (long Version, float[] Weights) Capture()
    {
        lock (_gate)
        {
            return (server.Version, server.Weights.ToArray());
        }
    }

    /// <summary>A copy of weights and optimizer state now.</summary>
    public PartitionState CaptureState()
    {
        lock (_gate)
        {
            return server.Capture();
        }
    }

    /// <summary>Replaces the weights; what had arrived of a step is forgotten.</summary>
    /// <param name="weights">The new weights, copied.</param>
    public void Restore(ReadOnlySpan<float> weights)
    {
        lock (_gate)
        {
            server.SetWeights(weights);
            _received.Clear();
            norms.Clear();
            norms.Take();
        }
    }

    /// <summary>What a step that did not end waits for, and why it may never come.</summary>
    /// <param name="stepInEpoch">Step within the epoch, from 0.</param>
    public string WaitsFor(int stepInEpoch)
    {
        lock (_gate)
        {
            IReadOnlyList<int> missing = Missing(stepInEpoch);
            return missing.Count > 0
                ? $"the gradients of logical shards {string.Join(", ", missing)}; "
                    + "their worker is dead, stopped or too slow"
                : $"the gradient norms of partitions {string.Join(", ", norms.Missing)}; "
                    + "their silo is dead, stopped or too slow";
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

    /// <summary>Ends every wait, now and later, with an error.</summary>
    /// <param name="reason">One line.</param>
    public void Abandon(string reason)
    {
        lock (_gate)
        {
            _abandoned = reason;
            _waiting.TrySetException(new GrainLostException(reason));
        }
    }

    /// <summary>Gives the partition's memory back; whoever still comes is told so.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Abandon(_abandoned ?? $"Partition '{name}' was released.");
            server.Dispose();
        }
    }

    private Task<StepReply> Apply(GradientPush push)
    {
        RequireIncarnation(push.Incarnation, "a push");
        RequireRunning();
        if (push.Version == server.Version - 1 && _last is not null)
        {
            // The memory of the last answer is used again by the next update but one; who asks again may be late.
            return Task.FromResult(_last with { Weights = new Tensor(_last.Weights.Values.ToArray()) });
        }

        if (_last is { NonFinite: not null })
        {
            // The job has diverged, and a worker without rows in this step may come late.
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
            _rate = push.LearningRate;
            _squares = push.WantsSquares ? [.. server.MeanSquares()] : [];
            norms.Complete(server, incarnation);
            UpdateIfComplete();
        }

        return reply;
    }

    private void UpdateIfComplete()
    {
        if (!norms.IsComplete)
        {
            return;
        }

        StepOutcome outcome = server.Update(_rate, norms.Nodes);
        _last = new StepReply(
            server.Version,
            new Tensor(server.Weights),
            outcome.LossSum,
            outcome.RowCount,
            outcome.NonFinite,
            outcome.WeightSum,
            _squares)
        {
            Skipped = outcome.Skipped,
        };
        _received.Clear();
        norms.Clear();
        TaskCompletionSource<StepReply> answered = _waiting;
        _waiting = NewWaiting();
        answered.TrySetResult(_last);
    }

    private void RequireIncarnation(int given, string what)
    {
        if (given != incarnation)
        {
            throw new StaleIncarnationException(
                $"Partition '{name}' belongs to incarnation {incarnation} of its job; {what} of incarnation {given} "
                + "came.");
        }
    }

    private void RequireRunning()
    {
        if (_abandoned is not null)
        {
            throw new GrainLostException(_abandoned);
        }
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
