using System.Collections.Immutable;

using Trainer.Backends;
using Trainer.Datasets;
using Trainer.Grains;
using Trainer.Training;

namespace Trainer.Compute;

/// <summary>A range of steps of one worker: compute, push, pull, repeat.</summary>
/// <remarks>
/// <see cref="RunReady"/> belongs on a compute thread. Where all partitions live on this silo and no other worker is
/// waited for, steps follow each other there without a hand-off, a slice of time at once; with a single partition they
/// need no exchange at all.
/// </remarks>
/// <param name="held">The worker's rows and network.</param>
/// <param name="steps">The range.</param>
/// <param name="time">The clock.</param>
internal sealed class StepRun(HeldShards held, StepRange steps, TimeProvider time)
{
    // Others who compute on this silo, such as the trials of a sweep, get their turn after so long.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private StepTotals _totals = new(0, steps.LossSum, steps.WeightSum, 0, null, []);
    private TimeSpan _computing;

    /// <summary>Sums over the steps done so far.</summary>
    public StepSums Sums => new(
        _totals.Completed,
        _totals.LossSum,
        _totals.RowCount,
        _computing.TotalSeconds,
        _totals.NonFinite,
        _totals.WeightSum,
        _totals.GradientNorms.IsDefault ? [] : _totals.GradientNorms)
    {
        Skipped = _totals.Skipped,
        FirstSkipped = steps.First + _totals.FirstSkipped,
        SkippedFor = _totals.SkippedFor,
    };

    /// <summary>Whether the range has ended.</summary>
    public bool HasEnded => _totals.Completed == steps.Count || _totals.NonFinite is not null;

    private bool EndsEpoch => steps.EndsEpoch && _totals.Completed == steps.Count - 1;

    /// <summary>Takes the answers to a step that was waited for, then runs as many steps as need no wait.</summary>
    /// <param name="replies">The answers, in partition order; null at the start of the range.</param>
    /// <returns>
    /// A step to be waited for; null when the range has ended, or others should have their turn.
    /// </returns>
    public PushedStep? RunReady(StepReply[]? replies)
    {
        long begun = time.GetTimestamp();
        if (held.Local is { } local)
        {
            RunLocal(local, begun);
            return null;
        }

        if (replies is not null)
        {
            Apply(replies);
        }

        while (!HasEnded && time.GetElapsedTime(begun) < Slice)
        {
            int done = _totals.Completed;
            long start = time.GetTimestamp();
            ImmutableArray<GradientNode> nodes =
                held.Worker.ComputeGradients(steps.Epoch, steps.FirstInEpoch + done);
            _computing += time.GetElapsedTime(start);
            PushedStep step = held.Exchange.PushLocal(
                steps.First + done,
                steps.FirstInEpoch + done,
                steps.LearningRates.Values.Span[done],
                nodes,
                EndsEpoch);
            if (step.Ready() is not { } ready)
            {
                return step;
            }

            Apply(ready);
        }

        return null;
    }

    private void RunLocal(LocalPartition local, long begun)
    {
        int done = _totals.Completed;
        var rest = new LocalSteps(
            steps.Epoch, steps.FirstInEpoch + done, steps.LearningRates.Values[done..], steps.EndsEpoch);
        _totals = local.Steps.Run(
            local.Session,
            steps.Incarnation,
            steps.First + done,
            rest,
            _totals,
            () => time.GetElapsedTime(begun) < Slice);
        _computing += time.GetElapsedTime(begun);
    }

    private ImmutableArray<double> Norms(StepReply[] replies) =>
        [.. new GradientNorm(held.Layout).OfLayers([.. replies.SelectMany(reply => reply.Squares)])];

    private void Apply(StepReply[] replies)
    {
        string? nonFinite = MostTelling(replies.Select(reply => reply.NonFinite));
        if (nonFinite is not null)
        {
            _totals = _totals with { NonFinite = nonFinite };
            return;
        }

        // All servers have answered, so none reads this step's gradients any more.
        held.Worker.Recycle();
        held.Exchange.Store([.. replies.Select(reply => reply.Weights)], held.Worker);
        var outcome = new StepOutcome(replies[0].LossSum, replies[0].RowCount, replies[0].WeightSum, NonFinite: null)
        {
            Skipped = MostTelling(replies.Select(reply => reply.Skipped)),
        };
        _totals = _totals.With(outcome, EndsEpoch ? Norms(replies) : []);
    }

    // A tensor's name says more than that the norm of the whole gradient was not finite.
    private static string? MostTelling(IEnumerable<string?> names) =>
        names.Where(name => name is not null).MinBy(name => name == StepOutcome.Gradient);
}
