using System.Collections.Immutable;

using Trainer.Backends;
using Trainer.Wire;

namespace Trainer.Sweeps;

/// <summary>A trial on this silo: its repeats go from epoch to epoch together.</summary>
/// <param name="repeats">One training a seed.</param>
/// <param name="pool">
/// Compute threads; each slice of steps queues anew, so that jobs and trials share them fairly.
/// </param>
/// <param name="time">The clock.</param>
internal sealed class HeldTrial(IReadOnlyList<RepeatRun> repeats, ComputePool pool, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private bool _runs;
    private bool _dropped;

    /// <summary>Epochs of the trial.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether no repeat has an epoch left.</summary>
    public bool HasEnded => repeats.All(repeat => repeat.HasEnded);

    /// <summary>The metric of each repeat.</summary>
    public IEnumerable<double> Values => repeats.Select(repeat => repeat.Value);

    /// <summary>A copy of the weights of each repeat.</summary>
    public IEnumerable<float[]> Weights() => repeats.Select(repeat => repeat.Weights);

    /// <summary>Goes on at an epoch with given weights.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="weights">Weights of each repeat.</param>
    public void Restart(int epoch, ImmutableArray<Tensor> weights)
    {
        Epoch = epoch;
        for (int i = 0; i < repeats.Count; i++)
        {
            repeats[i].Restart(epoch, weights[i].Values.Span);
        }
    }

    /// <summary>Runs epochs.</summary>
    /// <param name="until">Epochs to have at the end, at most.</param>
    /// <param name="curve">Gets the mean metric after each epoch.</param>
    /// <param name="cancellationToken">Ends it between two slices.</param>
    /// <exception cref="Errors.DivergedException">A value was NaN or infinite.</exception>
    public async Task RunAsync(int until, List<double> curve, CancellationToken cancellationToken)
    {
        _runs = true;
        try
        {
            while (Epoch < until && !HasEnded)
            {
                await pool.RunAsync(() => RunEpochsSlice(until, curve, cancellationToken));
            }
        }
        finally
        {
            _runs = false;
            Free();
        }
    }

    /// <summary>Drops the trial; one that still runs goes on to its next slice.</summary>
    public void Dispose()
    {
        _dropped = true;
        Free();
    }

    private void Free()
    {
        foreach (RepeatRun repeat in _dropped && !_runs ? repeats : [])
        {
            repeat.Dispose();
        }
    }

    // As many epochs as fit into a slice: small networks pay one hand-off for many.
    private bool RunEpochsSlice(int until, List<double> curve, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (Epoch < until && !HasEnded)
        {
            foreach (RepeatRun repeat in repeats.Where(each => each.Epoch == Epoch && !each.HasEnded))
            {
                bool ended;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    ended = repeat.RunSlice(time, Slice);
                    if (time.GetElapsedTime(start) >= Slice && !ended)
                    {
                        return false;
                    }
                }
                while (!ended);
            }

            Epoch++;
            curve.Add(Values.Average());
            if (time.GetElapsedTime(start) >= Slice)
            {
                return false;
            }
        }

        return true;
    }
}
