using Trainer.Cluster;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>
/// Follows a job until it ends, through short failures of calls: a killed gateway, a time-out, a cluster that ends
/// with its job.
/// </summary>
/// <param name="job">The job's grain.</param>
/// <param name="readSummary">Reads the run's summary from its folder; null while there is none.</param>
/// <param name="note">Takes one line for the user.</param>
/// <param name="whenLost">What the user can do when the cluster stays silent: a sentence.</param>
/// <param name="time">The clock.</param>
/// <param name="seen">Epochs that the user need not hear of, in lines of <c>metrics.jsonl</c>.</param>
internal sealed class JobWatcher(
    ITrainingJobGrain job, Func<SummaryFile?> readSummary, Action<string> note, string whenLost, TimeProvider time,
    int seen = 0)
{
    /// <summary>How long a job may take to write its last checkpoint and end.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly PatientCaller _calls = new(() => readSummary() is not null, note, whenLost, time);
    private long _sequence;
    private int _lines = seen;

    /// <summary>Starts the job; repeated when a call fails: a second call with the same id changes nothing.</summary>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public Task StartAsync(JobSubmission submission, CancellationToken cancellationToken) =>
        _calls.CallAsync(() => job.StartAsync(submission), cancellationToken);

    /// <summary>Watches to the end. A second call goes on where the first was cancelled.</summary>
    /// <param name="show">Takes every change.</param>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public async Task<RunOutcome> WatchAsync(Action<JobProgress> show, CancellationToken cancellationToken)
    {
        try
        {
            while (await _calls.CallAsync(() => job.WatchAsync(_sequence), cancellationToken) is { } progress)
            {
                _sequence = progress.Sequence;
                foreach (string message in progress.Messages)
                {
                    note(message);
                }

                show(Unseen(progress));
                if (progress.State >= JobState.Completed)
                {
                    SummaryFile? summary = progress.Summary is { } text ? SummaryFile.Parse(text) : readSummary();
                    return new RunOutcome(progress.State, progress.Error, summary);
                }
            }
        }
        catch (TrainerException error) when (readSummary() is null)
        {
            // The cluster does not know the job, or no longer.
            return new RunOutcome(JobState.Failed, error.Message, Summary: null);
        }
        catch (TrainerException)
        {
            // It has ended, and its grain is gone.
        }

        return FromFolder();
    }

    /// <summary>Asks the job to stop and watches it end.</summary>
    /// <param name="show">Takes every change.</param>
    /// <returns>How it ended; null when it has not within <see cref="StopPatience"/>.</returns>
    public Task<RunOutcome?> CancelAsync(Action<JobProgress> show, CancellationToken cancellationToken) =>
        StopAsync(job.CancelAsync, show, cancellationToken);

    /// <summary>Asks the job to stop so that it can be resumed, and watches it end.</summary>
    /// <param name="show">Takes every change.</param>
    /// <returns>How it ended; null when it has not within <see cref="StopPatience"/>.</returns>
    public Task<RunOutcome?> PauseAsync(Action<JobProgress> show, CancellationToken cancellationToken) =>
        StopAsync(job.PauseAsync, show, cancellationToken);

    private async Task<RunOutcome?> StopAsync(
        Func<Task> ask, Action<JobProgress> show, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(StopPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            bool isAnswered = await _calls.CallAsync(ask, either.Token);
            return isAnswered ? await WatchAsync(show, either.Token) : FromFolder();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // Whoever leads the job next tells all its epochs again.
    private JobProgress Unseen(JobProgress progress)
    {
        progress = progress with { Reports = progress.Reports.RemoveAll(report => report.Line <= _lines) };
        _lines = progress.Reports is [.., var last] ? last.Line : _lines;
        return progress;
    }

    private RunOutcome FromFolder() => readSummary() is { } summary
        ? RunOutcome.Of(summary)
        : new RunOutcome(JobState.Failed, "The run's summary has disappeared.", Summary: null);
}
