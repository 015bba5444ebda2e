using System.Collections.Concurrent;

namespace Trainer.Backends;

/// <summary>A team with threads of its own, which come when they are called.</summary>
internal sealed class HelperThreads : IDisposable
{
    private readonly BlockingCollection<ComputeTeam> _calls = [];
    private readonly Thread[] _threads;
    private int _count;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Threads of the team, the caller included.</param>
    /// <param name="leaves">Whether a helper is wanted elsewhere; null: never.</param>
    public HelperThreads(int size, Func<bool>? leaves = null)
    {
        Team = new ComputeTeam(size, Call);
        _threads = [.. Enumerable.Range(1, size - 1).Select(_ => new Thread(() => Work(leaves ?? (() => false))))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    public ComputeTeam Team { get; }

    /// <summary>How often a helper was called.</summary>
    public int Calls => _count;

    public void Dispose()
    {
        _calls.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _calls.Dispose();
    }

    private bool Call(ComputeTeam team)
    {
        Interlocked.Increment(ref _count);
        _calls.Add(team);
        return true;
    }

    private void Work(Func<bool> leaves)
    {
        foreach (ComputeTeam team in _calls.GetConsumingEnumerable())
        {
            team.Help(leaves);
        }
    }
}
