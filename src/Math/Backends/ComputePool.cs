using Trainer.Models;

namespace Trainer.Backends;

/// <summary>Dedicated compute threads, those of one silo: arithmetic never runs on the grain scheduler.</summary>
/// <remarks>
/// Computations go first, in the order they came. A thread without one helps a team that calls, and leaves it again
/// between two tiles when a computation waits, so jobs and trials that share a pool cannot stop each other.
/// </remarks>
public sealed class ComputePool : IDisposable
{
    /// <summary>
    /// Floating-point operations of a step from which several threads are faster, as measured: some 30 us of one
    /// thread.
    /// </summary>
    public const long TeamThreshold = 4_000_000;

    private readonly object _gate = new();
    private readonly Queue<Action> _work = [];
    private readonly Queue<ComputeTeam> _calls = [];
    private readonly Func<bool> _isWanted;
    private readonly Thread[] _threads;

    // Written under the gate; read without it where an old value only costs time.
    private int _idle;
    private int _waiting;
    private bool _ends;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Compute threads, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    public ComputePool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _isWanted = () => Volatile.Read(ref _waiting) > Volatile.Read(ref _idle);
        Team = threads == 1 ? SerialTeam.Instance : new PoolTeam(threads);
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"compute-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads of the pool.</summary>
    public int Threads => _threads.Length;

    /// <summary>Runs a computation on one compute thread; the team it has may call threads that are idle.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="computation">The computation; it must not wait for other work of this pool.</param>
    /// <returns>Its result, or its exception.</returns>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public Task<T> RunAsync<T>(Func<T> computation)
    {
        // Continuations go back to the grain's scheduler, never onto a compute thread.
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ends, this);
            _work.Enqueue(() =>
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
            _waiting = _work.Count;
            Monitor.Pulse(_gate);
        }

        return completion.Task;
    }

    /// <summary>
    /// All threads as a team, for computations that run on this pool; threads come while they have nothing else to do.
    /// </summary>
    public IComputeTeam Team { get; }

    /// <summary>The threads for one worker or server: all, or the calling one where the steps are small.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="rows">Rows of a step, on average.</param>
    /// <param name="threshold">Operations of a step from which several threads are faster.</param>
    public IComputeTeam TeamFor(MlpArchitecture architecture, double rows, long threshold = TeamThreshold)
    {
        // Multiply-adds of the three products of each layer, two operations each.
        double operations = 6 * rows * new ParameterLayout(architecture).ParameterCount;
        return operations < threshold ? SerialTeam.Instance : Team;
    }

    /// <summary>Ends the threads once what is queued is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ends = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    // Only where a thread is idle: no call is left behind for a team that has long gone on alone.
    private bool TryCall(ComputeTeam team)
    {
        if (Volatile.Read(ref _idle) == 0)
        {
            return false;
        }

        lock (_gate)
        {
            if (_idle <= _calls.Count + _work.Count)
            {
                return false;
            }

            _calls.Enqueue(team);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Work()
    {
        PoolTeam.OfThisThread = new ComputeTeam(Threads, TryCall);
        while (TryTake(out Action? computation, out ComputeTeam? team))
        {
            computation?.Invoke();
            team?.Help(_isWanted);
        }
    }

    // False when the pool has ended and nothing is queued.
    private bool TryTake(out Action? computation, out ComputeTeam? team)
    {
        (computation, team) = (null, null);
        lock (_gate)
        {
            while (!_work.TryDequeue(out computation) && !_calls.TryDequeue(out team))
            {
                if (_ends)
                {
                    return false;
                }

                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }

            _waiting = _work.Count;
            return true;
        }
    }
}
