using Trainer.Clusters;

namespace Trainer.Silos;

/// <summary>Why a silo should end by itself: its cluster, its owner or its job ended.</summary>
internal sealed class SiloWatch(ClusterFolder folder, ClusterFile cluster, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A client may still read the job's last words, and a job's first words may come after its client left.
    private static readonly TimeSpan JobGrace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan JobDeadline = TimeSpan.FromMinutes(10);

    private readonly long _start = time.GetTimestamp();
    private long? _ended;
    private long? _orphaned;
    private bool _jobSeen;

    /// <summary>Waits until there is a reason.</summary>
    /// <returns>The reason.</returns>
    public async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (true)
        {
            if (Reason() is { } reason)
            {
                return reason;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The reason; null: none now.</summary>
    public string? Reason()
    {
        if (folder.ReadCluster()?.Id != cluster.Id)
        {
            return $"cluster '{cluster.Name}' was taken down";
        }

        if (cluster.UntilJob is { } job)
        {
            return JobReason(job);
        }

        return cluster.Owner is { } owner && !owner.IsAlive() ? $"its owner, process {owner.Pid}, ended" : null;
    }

    private string? JobReason(string job)
    {
        // A sweep is a job too: its id is the one that the cluster lives for.
        (bool IsUnfinished, string State)? found = folder.ReadJob(job) is { } one ? (one.IsUnfinished, one.State)
            : folder.ReadSweep(job) is { } sweep ? (sweep.IsUnfinished, sweep.State)
            : null;
        if (found is { } state)
        {
            _jobSeen = true;
            _ended = state.IsUnfinished ? null : _ended ?? time.GetTimestamp();
            return Passed(_ended, JobGrace) ? $"job '{job}' ended ({state.State})" : null;
        }

        if (_jobSeen)
        {
            // Files are replaced whole, so one that stays away was removed: nobody will write how the job ended.
            _ended ??= time.GetTimestamp();
            return Passed(_ended, JobGrace) ? $"the state of job '{job}' is gone" : null;
        }

        if (time.GetElapsedTime(_start) > JobDeadline)
        {
            return $"job '{job}' did not start within {JobDeadline.TotalMinutes:0} minutes";
        }

        _orphaned = cluster.Owner is { } owner && !owner.IsAlive() ? _orphaned ?? time.GetTimestamp() : null;
        return Passed(_orphaned, OrphanGrace) ? $"its client ended before it started job '{job}'" : null;
    }

    private bool Passed(long? since, TimeSpan grace) => since is { } start && time.GetElapsedTime(start) >= grace;
}
