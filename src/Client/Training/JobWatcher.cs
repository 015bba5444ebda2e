using Trainer.Cluster;
using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>Follows a job until it ends, through short failures of calls: a killed gateway, a time-out, a cluster that ends with its job.</summary>
/// <param name="job">The job's grain.</param>
/// <param name="readSummary">Reads the run's summary from its folder; null while there is none.</param>
/// <param name="note">Takes one line for the user.</param>
/// <param name="whenLost">What the user can do when the cluster stays silent: a sentence.</param>
/// <param name="time">The clock.</param>
internal sealed class JobWatcher(
    ITrainingJobGrain job, Func<SummaryFile?> readSummary, Action<string> note, string whenLost, TimeProvider time)
{
    /// <summary>How long calls may fail before the cluster counts as lost.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How long a cancelled job may take to end.</summary>
    public static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.5);

    private long _sequence;

    /// <summary>Starts the job; safe to repeat, for a second call with the same id changes nothing.</summary>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public Task StartAsync(JobSubmission submission, CancellationToken cancellationToken) => PersistAsync(
        async () =>
        {
            await job.StartAsync(submission).WaitAsync(cancellationToken);
            return true;
        },
        whenEnded: null,
        cancellationToken);

    /// <summary>Watches to the end. A second call goes on where the first was cancelled.</summary>
    /// <param name="show">Takes every change.</param>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public async Task<RunOutcome> WatchAsync(Action<JobProgress> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            (JobProgress? progress, SummaryFile? summary) = await PersistAsync<(JobProgress?, SummaryFile?)>(
                async () => (await job.WatchAsync(_sequence).WaitAsync(cancellationToken), null),
                whenEnded: found => (null, found),
                cancellationToken);
            if (progress is null)
            {
                return RunOutcome.Of(summary!);
            }

            _sequence = progress.Sequence;
            foreach (string message in progress.Messages)
            {
                note($"warning: {message}");
            }

            show(progress);
            if (progress.State >= JobState.Completed)
            {
                return new RunOutcome(
                    progress.State, progress.Error, progress.Summary is { } text ? SummaryFile.Parse(text) : readSummary());
            }
        }
    }

    /// <summary>Asks the job to stop and watches it end.</summary>
    /// <param name="show">Takes every change.</param>
    /// <returns>How it ended; null when it has not within <see cref="CancelPatience"/>.</returns>
    public async Task<RunOutcome?> CancelAsync(Action<JobProgress> show, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(CancelPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await PersistAsync<RunOutcome?>(
                async () =>
                {
                    await job.CancelAsync().WaitAsync(either.Token);
                    return null;
                },
                whenEnded: RunOutcome.Of,
                either.Token) ?? await WatchAsync(show, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    // What a call throws when its silo is gone or late; what the job itself says (TrainerException) is final.
    private static bool IsTransient(Exception error) =>
        error is TimeoutException or OrleansException or IOException or System.Net.Sockets.SocketException;

    private async Task<T> PersistAsync<T>(
        Func<Task<T>> call, Func<SummaryFile, T>? whenEnded, CancellationToken cancellationToken)
    {
        long? failingSince = null;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (IsTransient(error))
            {
                // A cluster may end with its job, between two calls: the folder then tells the rest.
                if (whenEnded is not null && readSummary() is { } summary)
                {
                    return whenEnded(summary);
                }

                if (failingSince is null)
                {
                    failingSince = time.GetTimestamp();
                    note($"the cluster does not answer; trying again for {Figures.Seconds(Patience.TotalSeconds)}");
                }
                else if (time.GetElapsedTime(failingSince.Value) >= Patience)
                {
                    throw new ClusterUnreachableException(
                        $"the cluster has not answered for {Figures.Seconds(Patience.TotalSeconds)}; {whenLost}");
                }
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }
}
