using System.Collections.Immutable;

using Trainer.Datasets;
using Trainer.Grains;
using Trainer.Training;

namespace Trainer.Compute;

/// <summary>A range of steps of one worker: compute, push, pull, repeat.</summary>
/// <remarks>
/// <see cref="RunReady"/> belongs on a compute thread. Where all partitions live on this silo and no other worker is
/// waited for, steps follow each other there without a hand-off, a slice of time at once.
/// </remarks>
/// <param name="held">The worker's rows and network.</param>
/// <param name="steps">The range.</param>
/// <param name="time">The clock.</param>
internal sealed class StepRun(HeldShards held, StepRange steps, TimeProvider time)
{
    // Others who compute on this silo, such as the trials of a sweep, get their turn after so long.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private double _lossSum = steps.LossSum;
    private double _weightSum = steps.WeightSum;
    private TimeSpan _computing;
    private string? _nonFinite;
    private long _rows;
    private ImmutableArray<double> _norms = [];
    private int _done;
    private int _skipped;
    private long _firstSkipped;
    private string? _skippedFor;

    /// <summary>Sums over the steps done so far.</summary>
    public StepSums Sums => new(_done, _lossSum, _rows, _computing.TotalSeconds, _nonFinite, _weightSum, _norms)
    {
        Skipped = _skipped,
        FirstSkipped = _firstSkipped,
        SkippedFor = _skippedFor,
    };

    /// <summary>Whether the range has ended.</summary>
    public bool HasEnded => _done == steps.Count || _nonFinite is not null;

    private bool EndsEpoch => steps.EndsEpoch && _done == steps.Count - 1;

    /// <summary>Takes the answers to a step that was waited for, then runs as many steps as need no wait.</summary>
    /// <param name="replies">The answers, in partition order; null at the start of the range.</param>
    /// <returns>
    /// A step to be waited for; null when the range has ended, or others should have their turn.
    /// </returns>
    public PushedStep? RunReady(StepReply[]? replies)
    {
        if (replies is not null)
        {
            Apply(replies);
        }

        long begun = time.GetTimestamp();
        while (!HasEnded && time.GetElapsedTime(begun) < Slice)
        {
            int stepInEpoch = steps.FirstInEpoch + _done;
            long start = time.GetTimestamp();
            ImmutableArray<GradientNode> nodes = held.Worker.ComputeGradients(steps.Epoch, stepInEpoch);
            _computing += time.GetElapsedTime(start);
            PushedStep step = held.Exchange.PushLocal(
                steps.First + _done, stepInEpoch, steps.LearningRates.Values.Span[_done], nodes, EndsEpoch);
            if (step.Ready() is not { } ready)
            {
                return step;
            }

            Apply(ready);
        }

        return null;
    }

    private void Apply(StepReply[] replies)
    {
        _nonFinite = MostTelling(replies.Select(reply => reply.NonFinite));
        if (_nonFinite is not null)
        {
            return;
        }

        // All servers have answered, so none reads this step's gradients any more.
        held.Worker.Recycle();
        held.Exchange.Store([.. replies.Select(reply => reply.Weights)], held.Worker);
        _lossSum += replies[0].LossSum;
        _weightSum += replies[0].WeightSum;
        _rows += replies[0].RowCount;
        string? skipped = MostTelling(replies.Select(reply => reply.Skipped));
        if (skipped is not null)
        {
            CountSkipped(skipped);
        }
        else if (EndsEpoch)
        {
            _norms = [.. new GradientNorm(held.Layout).OfLayers([.. replies.SelectMany(reply => reply.Squares)])];
        }

        _done++;
    }

    private void CountSkipped(string what)
    {
        if (_skipped++ == 0)
        {
            (_firstSkipped, _skippedFor) = (steps.First + _done, what);
        }
    }

    // A tensor's name says more than that the norm of the whole gradient was not finite.
    private static string? MostTelling(IEnumerable<string?> names) =>
        names.Where(name => name is not null).MinBy(name => name == StepOutcome.Gradient);
}
