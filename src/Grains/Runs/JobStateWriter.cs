using Trainer.Clusters;

namespace Trainer.Runs;

/// <summary>Keeps a job's live state file up to date, at most every 200 ms; its end is always written.</summary>
internal sealed class JobStateWriter(string folder, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);

    private long _written = long.MinValue;

    /// <summary>Writes a state unless one was written just before.</summary>
    /// <param name="state">The state now.</param>
    public void Write(JobStateFile state)
    {
        bool due = _written == long.MinValue || time.GetElapsedTime(_written) >= Shortest;
        if (due || !state.IsUnfinished || state.IsHandedOver)
        {
            state.Write(folder);
            _written = time.GetTimestamp();
        }
    }
}
