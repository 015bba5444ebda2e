using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Trainer.Backends;

/// <summary>
/// A team out of threads that stay: helpers go from one <see cref="For"/> to the next without being woken.
/// </summary>
/// <remarks>
/// <para>
/// Each member begins with its own share of the tiles, the same one every time, so that what it wrote is in its cache
/// when the next product reads it; a member that has done its share takes tiles of the others. The caller is a member
/// and waits only for tiles that a helper has begun: where no helper comes, it does all of them, so a busy machine
/// makes a team slower, but never stops it.
/// </para>
/// <para>
/// A share is one 64-bit word, number of the call and tiles left. A claim is one exchange of that word, so a thread
/// that was away for long cannot take a tile of a later call for one of its own.
/// </para>
/// </remarks>
public sealed class ComputeTeam : IComputeTeam
{
    // Pauses of a few nanoseconds that end a wait for a running tile; then the core goes to whoever wants it.
    private const int Pauses = 200;

    // How long a helper then stays without work: as long as what lies between two steps takes.
    private const int Yields = 200;

    private readonly Func<ComputeTeam, bool> _call;
    private readonly Share[] _shares;

    private Action<int> _body = static _ => { };
    private int _count;
    private uint _number;
    private int _unfinished;
    private Exception? _error;

    // Helpers that were called or are there.
    private int _helpers;
    private int _isBusy;

    /// <summary>A team.</summary>
    /// <param name="size">Threads, the calling one included; at least 1.</param>
    /// <param name="call">
    /// Asks for one thread that calls <see cref="Help"/>; false when there is none. Must not wait.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public ComputeTeam(int size, Func<ComputeTeam, bool> call)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentNullException.ThrowIfNull(call);
        _call = call;
        _shares = new Share[size];
    }

    /// <inheritdoc/>
    public int Size => _shares.Length;

    /// <inheritdoc/>
    /// <remarks>A second caller at the same time, or a tile that calls its own team, does its tiles alone.</remarks>
    public void For(int count, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (count <= 1 || Size == 1 || Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            SerialTeam.Instance.For(count, body);
            return;
        }

        try
        {
            Publish(count, body);
            CallHelpers(count);
            Work(0, static () => false);
            WaitForHelpers();
            if (_error is { } error)
            {
                _error = null;
                ExceptionDispatchInfo.Throw(error);
            }
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Works for the team until there is nothing to do for some 0.1 ms.</summary>
    /// <param name="leaves">Asked between tiles: whether the thread is wanted elsewhere.</param>
    public void Help(Func<bool> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        int member = Math.Clamp(Volatile.Read(ref _helpers), 1, Size - 1);
        for (int waits = 0; waits < Pauses + Yields && !leaves(); waits++)
        {
            if (Work(member, leaves))
            {
                waits = 0;
            }

            Wait(waits);
        }

        Interlocked.Decrement(ref _helpers);
    }

    private void Publish(int count, Action<int> body)
    {
        (_body, _count) = (body, count);
        _unfinished = count;
        _number++;
        for (int member = 0; member < Size; member++)
        {
            int tiles = EndOf(member, count) - EndOf(member - 1, count);
            Volatile.Write(ref _shares[member].Word, (long)(((ulong)_number << 32) | (uint)tiles));
        }
    }

    private void CallHelpers(int count)
    {
        while (Volatile.Read(ref _helpers) < Math.Min(Size, count) - 1)
        {
            Interlocked.Increment(ref _helpers);
            if (!_call(this))
            {
                Interlocked.Decrement(ref _helpers);
                return;
            }
        }
    }

    private void WaitForHelpers()
    {
        for (int waits = 0; Volatile.Read(ref _unfinished) > 0; waits++)
        {
            Wait(waits);
        }
    }

    // Own tiles first, then those of the next members. True when there was one.
    private bool Work(int member, Func<bool> leaves)
    {
        bool found = false;
        for (int i = 0; i < Size; i++)
        {
            int owner = (member + i) % Size;
            while (!leaves() && TryClaim(owner, out int tile, out Action<int> body))
            {
                found = true;
                Run(tile, body);
            }
        }

        return found;
    }

    // What was read besides the word belongs to the same call: it only changes once all tiles are done, and then the
    // word is another one.
    private bool TryClaim(int owner, out int tile, out Action<int> body)
    {
        ref long word = ref _shares[owner].Word;
        for (long seen = Volatile.Read(ref word); (int)seen > 0; seen = Volatile.Read(ref word))
        {
            body = _body;
            tile = EndOf(owner, _count) - (int)seen;
            if (Interlocked.CompareExchange(ref word, seen - 1, seen) == seen)
            {
                return true;
            }
        }

        (tile, body) = (0, _body);
        return false;
    }

    private void Run(int tile, Action<int> body)
    {
        try
        {
            body(tile);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, error, null);
        }

        Interlocked.Decrement(ref _unfinished);
    }

    // The first tile that is no longer a member's.
    private int EndOf(int member, int count) => (int)((member + 1L) * count / Size);

    private static void Wait(int waits)
    {
        if (waits < Pauses)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
        }
    }

    // Two cache lines each: processors fetch lines in pairs.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Share
    {
        public long Word;
    }
}
