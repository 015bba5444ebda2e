using Trainer.Clusters;

namespace Trainer.Silos.Recovery;

/// <summary>A silo that is about to stop waits until jobs have moved away from it, for a while.</summary>
/// <param name="folder">The cluster's files.</param>
/// <param name="name">Name of the silo.</param>
/// <param name="time">The clock.</param>
internal sealed class SiloDrain(ClusterFolder folder, string name, TimeProvider time)
{
    // A job moves between two ranges of steps, about half a second each.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits.</summary>
    /// <returns>False: a job still has grains here.</returns>
    public async Task<bool> WaitAsync()
    {
        long start = time.GetTimestamp();
        while (IsUsed())
        {
            if (time.GetElapsedTime(start) > Longest)
            {
                return false;
            }

            await Task.Delay(Period, time);
        }

        return true;
    }

    private bool IsUsed() => folder.ReadUnfinishedJobs().Any(job => job.IsKept && job.Grains.Any(IsHere));

    private bool IsHere(GrainLocation grain) => grain.Silo == name;
}
