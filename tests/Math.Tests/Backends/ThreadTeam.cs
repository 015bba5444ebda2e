namespace Trainer.Backends;

/// <summary>Real threads, started anew for every call: slow, but every interleaving can happen.</summary>
internal sealed class ThreadTeam(int size) : IComputeTeam
{
    private int _calls;

    public int Size => size;

    /// <summary>How often work was shared.</summary>
    public int Calls => _calls;

    public void For(int count, Action<int> body)
    {
        Interlocked.Increment(ref _calls);
        int next = -1;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                body(i);
            }
        }

        Thread[] threads = [.. Enumerable.Range(1, size - 1).Select(_ => new Thread(Work))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        Work();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }
}
