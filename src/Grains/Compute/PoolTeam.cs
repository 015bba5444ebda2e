using System.Runtime.ExceptionServices;

using Trainer.Backends;

namespace Trainer.Compute;

/// <summary>
/// A team out of a pool's threads: the caller works too and never waits for a thread that has not started, so a busy
/// pool only makes it slower, and two teams cannot block each other.
/// </summary>
internal sealed class PoolTeam(ComputePool pool, int size) : IComputeTeam
{
    /// <inheritdoc/>
    public int Size => size;

    /// <inheritdoc/>
    public void For(int count, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (count <= 1)
        {
            SerialTeam.Instance.For(count, body);
            return;
        }

        var tiles = new Tiles(count, body);
        for (int i = Math.Min(size, count); i > 1; i--)
        {
            pool.Offer(tiles.Work);
        }

        tiles.Work();
        tiles.Wait();
    }

    private sealed class Tiles(int count, Action<int> body)
    {
        private int _next = -1;
        private int _finished;
        private Exception? _error;

        public void Work()
        {
            for (int tile = Interlocked.Increment(ref _next); tile < count; tile = Interlocked.Increment(ref _next))
            {
                try
                {
                    body(tile);
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref _error, error, null);
                }

                Interlocked.Increment(ref _finished);
            }
        }

        public void Wait()
        {
            // Only tiles that a thread is computing right now are left: microseconds, so spin, then yield.
            var spin = default(SpinWait);
            while (Volatile.Read(ref _finished) < count)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            if (_error is { } error)
            {
                ExceptionDispatchInfo.Throw(error);
            }
        }
    }
}
