using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Trainer.Clusters;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Silos.Recovery;

/// <summary>
/// Looks after the unfinished jobs of the cluster: a grain comes back only when somebody calls it, and a job's client
/// may be gone. Runs on every silo; whichever claims the run folder first leads the job from then on.
/// </summary>
/// <param name="settings">This silo.</param>
/// <param name="grains">Makes grain references.</param>
/// <param name="membership">The members.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it tells what it does.</param>
internal sealed partial class JobKeeper(
    SiloSettings settings,
    IGrainFactory grains,
    IClusterMembershipService membership,
    TimeProvider time,
    ILogger<JobKeeper> logger) : BackgroundService
{
    private const int MostRefusals = 10;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);

    // Shorter stops are waited for.
    private static readonly TimeSpan LongestFrozen = TimeSpan.FromSeconds(2);

    private readonly ClusterFolder _folder = settings.Folder;
    private readonly Dictionary<string, int> _refusals = [];
    private readonly Dictionary<ProcessIdentity, (long Ticks, long Since)> _frozen = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(failure);
            }
        }
    }

    private async Task LookAsync()
    {
        IReadOnlyList<SiloStateFile> silos = _folder.ReadSilos();
        await GiveUpAsync(silos);
        bool canLead = silos.Any(silo => silo.Name == settings.Name && silo.State == SiloStates.Active);
        foreach (JobStateFile job in canLead ? _folder.ReadUnfinishedJobs() : [])
        {
            if (job.IsKept && IsWithoutLeader(job, silos))
            {
                await LeadAsync(job);
            }
        }
    }

    // The kernel knows at once what became of a process of this host; probes would take seconds to find out.
    private async Task GiveUpAsync(IReadOnlyList<SiloStateFile> silos)
    {
        foreach (SiloStateFile silo in silos.Where(silo => silo.Name != settings.Name && IsGone(silo)))
        {
            foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
            {
                if (member.Name == silo.Name
                    && member.SiloAddress.Endpoint.Port == silo.SiloPort
                    && member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
                {
                    LogGivenUp(silo.Name);
                    await membership.TryKill(member.SiloAddress);
                }
            }
        }
    }

    // One that is stopped and continued in turns is slow, not frozen.
    private bool IsGone(SiloStateFile silo)
    {
        if (!silo.Process.IsFrozen())
        {
            _frozen.Remove(silo.Process);
            return !silo.IsAlive;
        }

        long ticks = silo.Process.UsedTicks();
        if (!_frozen.TryGetValue(silo.Process, out (long Ticks, long Since) seen) || seen.Ticks != ticks)
        {
            seen = _frozen[silo.Process] = (ticks, time.GetTimestamp());
        }

        return time.GetElapsedTime(seen.Since) >= LongestFrozen;
    }

    // A leader that is frozen and given up ends itself when it runs again.
    private static bool IsWithoutLeader(JobStateFile job, IReadOnlyList<SiloStateFile> silos) =>
        job.State == JobStateFile.Recovering
        || silos.Any(silo => silo.Process == job.Leader && silo.State == SiloStates.Dead);

    private async Task LeadAsync(JobStateFile job)
    {
        if (SubmissionFile.TryRead(job.Folder) is not { } submission)
        {
            Refused(job, "its run folder is gone");
            return;
        }

        try
        {
            // The same name from all silos: the second one to ask changes nothing.
            await grains.GetGrain<ITrainingJobGrain>(job.Id).StartAsync(submission with
            {
                Attempt = $"after-{job.Incarnation}",
                Follows = job.Incarnation,
            });
            LogLed(job.Id, job.Incarnation);
        }
        catch (Exception again) when (again is OrleansException or TimeoutException or JobNotRunningException)
        {
            // The leader's silo has not left the membership yet.
        }
        catch (TrainerException error)
        {
            Refused(job, error.Message);
        }
    }

    // Not for ever: whoever waits for the job should hear of it.
    private void Refused(JobStateFile job, string reason)
    {
        int refusals = _refusals[job.Id] = _refusals.GetValueOrDefault(job.Id) + 1;
        LogRefused(job.Id, reason);
        if (refusals >= MostRefusals)
        {
            (job with { State = "failed" }).Write(_folder.Jobs);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Silo '{Silo}' is given up: its process has ended, or is stopped.")]
    private partial void LogGivenUp(string silo);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {Job} goes on: the silo that led its incarnation {Incarnation} has ended.")]
    private partial void LogLed(string job, int incarnation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} has no leader and cannot go on: {Reason}")]
    private partial void LogRefused(string job, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The jobs of the cluster could not be looked after.")]
    private partial void LogFailed(Exception failure);
}
