using System.Collections.Concurrent;

using Trainer.Backends;

namespace Trainer.Compute;

/// <summary>The dedicated compute threads of one silo: arithmetic never runs on the grain scheduler.</summary>
public sealed class ComputePool : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread[] _threads;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Compute threads, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    public ComputePool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"compute-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads of the pool.</summary>
    public int Threads => _threads.Length;

    /// <summary>Runs a computation on one compute thread; the team it gets may recruit threads that are idle.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="computation">The computation; it must not wait for other work of this pool.</param>
    /// <returns>Its result, or its exception.</returns>
    public Task<T> RunAsync<T>(Func<T> computation)
    {
        // Continuations go back to the grain's scheduler, never onto a compute thread.
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                completion.SetResult(computation());
            }
            catch (Exception error)
            {
                completion.SetException(error);
            }
        });
        return completion.Task;
    }

    /// <summary>A team for one worker.</summary>
    /// <param name="size">Threads it may use, the calling one included; clipped to the pool's.</param>
    public IComputeTeam Team(int size) =>
        Math.Min(size, Threads) <= 1 ? SerialTeam.Instance : new PoolTeam(this, Math.Min(size, Threads));

    /// <summary>Ends the threads once what is queued is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _work.Dispose();
    }

    /// <summary>Offers work to a thread that is idle now or later.</summary>
    internal void Offer(Action work) => _work.Add(work);

    private void Work()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
