namespace Trainer.Silos.Membership;

/// <summary>
/// A courtesy among silos that start or stop together: who is about to change the table goes first. Orleans waits
/// seconds after a lost race, which would make starting three silos at once slow. The table is right without it: a turn
/// is waited for and held only for a moment, so one whose holder is stopped holds nobody up.
/// </summary>
internal sealed class WriteTurn(string folder, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly string _path = Path.Combine(folder, "turn");
    private readonly Lock _gate = new();
    private FileStream? _held;
    private ITimer? _limit;

    /// <summary>Waits for the turn; it ends with <see cref="End"/> or by itself.</summary>
    public async Task TakeAsync()
    {
        long start = time.GetTimestamp();
        while (!TryTake() && time.GetElapsedTime(start) < LongestWait)
        {
            await Task.Delay(Poll, time);
        }
    }

    /// <summary>Gives the turn to others.</summary>
    public void End()
    {
        lock (_gate)
        {
            _limit?.Dispose();
            _held?.Dispose();
            _held = null;
        }
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            try
            {
                // The kernel ends the turn of a process that is killed.
                _held ??= new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                return false;
            }

            _limit?.Dispose();
            _limit = time.CreateTimer(_ => End(), null, LongestHold, Timeout.InfiniteTimeSpan);
            return true;
        }
    }
}
