using System.Diagnostics;
using System.Text.Json;

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Trainer.Clusters;
using Trainer.Backends;
using Trainer.Compute;
using Trainer.Data;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Placement;
using Trainer.Recovery;
using Trainer.Runs;

namespace Trainer.Grains;

/// <inheritdoc cref="ITrainingJobGrain"/>
[LeaderPlacement]
internal sealed partial class TrainingJobGrain(
    SiloDirectory silos,
    ComputePool pool,
    IJobTelemetry telemetry,
    IOptions<ComputeOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<TrainingJobGrain> logger) : Grain, ITrainingJobGrain
{
    private const string Plane = "messages";

    // Long enough for a client that lost its connection to come back and read the end.
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromMinutes(10);

    private CancellationTokenSource _stop = new();
    private JobState _stopsAs = JobState.Cancelled;
    private JobSubmission? _submission;
    private ProgressLog? _progress;
    private JobLeader? _leader;
    private bool _isHandedOver;
    private Task _running = Task.CompletedTask;
    private bool _lostASilo;

    private string Id => this.GetPrimaryKeyString();

    // Of this silo, whose end the grains of the job watch for.
    private string? Address => GrainContext.Address.SiloAddress?.ToParsableString();

    /// <inheritdoc/>
    public async Task StartAsync(JobSubmission submission)
    {
        if (silos.IsLeaving)
        {
            DeactivateOnIdle();
            throw new JobNotRunningException($"The silo that was to lead job '{Id}' is about to stop; ask again.");
        }

        if (_submission is { } known)
        {
            if (known.Attempt == submission.Attempt)
            {
                return;
            }

            if (_progress!.Summary is null)
            {
                throw new TrainerException($"Job '{Id}' still runs; 'trainer attach {Id}' follows it.");
            }

            await _running;
        }

        var data = DataPlan.FromJson(submission.DataPlan);
        JobPlan plan = JobPlan.Create(submission.Job, data);
        (_stop, _stopsAs, _leader, _lostASilo) = (new CancellationTokenSource(), JobState.Cancelled, null, false);
        _progress = ProgressOf(submission, plan);
        _submission = submission;

        // Nobody calls this grain when no client watches, and idle grains are collected.
        DelayDeactivation(TimeSpan.FromDays(365));

        // Not awaited: the job goes on when this call is over, on this grain's scheduler.
        _running = EndAnywayAsync(RunAsync(submission, plan, data, _progress), _progress);
    }

    /// <inheritdoc/>
    public Task<JobProgress> WatchAsync(long afterSequence) => RequireRunning().WatchAsync(afterSequence);

    /// <inheritdoc/>
    public Task CancelAsync()
    {
        RequireRunning();
        _stop.Cancel();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PauseAsync()
    {
        RequireRunning();
        // Who cancels has the last word.
        if (!_stop.IsCancellationRequested)
        {
            _stopsAs = JobState.Paused;
            _stop.Cancel();
        }

        return Task.CompletedTask;
    }

    private ProgressLog RequireRunning() => _progress ?? throw new JobNotRunningException(
        $"Job '{Id}' does not run on this cluster: it was never started here, or the silo that led it ended.");

    // Whatever goes wrong around the job, watchers and 'status' hear of its end.
    private async Task EndAnywayAsync(Task run, ProgressLog progress)
    {
        try
        {
            await run;
        }
        catch (Exception failure)
        {
            LogFailed(Id, failure);
            string error = $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
            progress.End(JobState.Failed, error, JsonSerializer.Serialize(new { id = Id, status = "failed", error }));
            Publish(new JobStateWriter(options.Value.JobsFolder, time));
            DelayDeactivation(KeptAfterEnd);
        }
    }

    private async Task RunAsync(JobSubmission submission, JobPlan plan, DataPlan data, ProgressLog progress)
    {
        var writer = new JobStateWriter(options.Value.JobsFolder, time);
        var leader = new JobLeader(GrainFactory, silos, submission, plan, data, progress, Address, time, logger);
        _leader = leader;
        JobState state;
        string? error = null;
        Task publishing = Task.CompletedTask;
        IDisposable exported = telemetry.Start(plan.Job.Telemetry);
        using (Activity? activity = TraceContext.Start(TrainerActivity.JobTrain, submission.TraceParent))
        {
            activity?.SetTag(TrainerActivity.Job, Id);
            activity?.SetTag(TrainerActivity.Silo, options.Value.SiloName);
            try
            {
                await leader.RunAsync(
                    TraceContext.Next(activity, submission.TraceParent),
                    () => publishing = publishing.IsCompleted ? PublishAsync(writer) : publishing,
                    _stop.Token);
                state = JobState.Completed;
            }
            catch (LeaderLeavesException)
            {
                await HandOverAsync(leader, writer);
                await Task.Run(exported.Dispose);
                return;
            }
            catch (Exception failure)
            {
                (state, error) = await EndAsync(failure, leader.Runner);
                activity?.SetStatus(ActivityStatusCode.Error, error);
            }
        }

        await leader.ReleaseAsync();
        await FinishAsync(submission, plan, data, leader, progress, state, error);
        await Task.Run(exported.Dispose);

        // In the turn that ends the job, so that nobody who heard of the end reads an older state.
        Publish(writer);
        await publishing;
        LogEnded(Id, state, error is null ? "" : $": {error}");
        DelayDeactivation(KeptAfterEnd);
    }

    // Any other silo goes on from the checkpoint that was just written; this grain forgets the job.
    private async Task HandOverAsync(JobLeader leader, JobStateWriter writer)
    {
        await leader.ReleaseAsync();
        _isHandedOver = true;
        Publish(writer);
        LogHandedOver(Id);
        ProgressLog progress = _progress!;
        (_progress, _submission) = (null, null);
        progress.Wake();
        DeactivateOnIdle();
    }

    // The steps of all trainings: those of the folds, then that on all rows.
    private ProgressLog ProgressOf(JobSubmission submission, JobPlan plan)
    {
        long folds = submission.FoldPlans
            .Select(DataPlan.FromJson)
            .Sum(fold => JobPlan.Create(submission.Job, fold).TotalSteps);
        return new ProgressLog(plan.Job.Training.Epochs, folds + plan.TotalSteps, time);
    }

    private async Task<(JobState State, string? Error)> EndAsync(Exception failure, JobRunner? runner)
    {
        switch (failure)
        {
            case OperationCanceledException or CrewLostException when _stop.IsCancellationRequested:
                await SaveWhatThereIsAsync(runner);
                return (_stopsAs, null);
            case DivergedException:
                return (JobState.Diverged, failure.Message);
            case var _ when lifetime.ApplicationStopping.IsCancellationRequested:
                return (JobState.Failed, JobLeader.Stopped);
            case TrainerException:
                return (JobState.Failed, failure.Message);
            case OrleansException or TimeoutException or CrewLostException:
                LogFailed(Id, failure);
                _lostASilo = true;
                return (
                    JobState.Failed,
                    "A silo of the job ended or stopped answering; 'trainer status' shows which.");
            default:
                LogFailed(Id, failure);
                return (JobState.Failed, $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    // A cancelled job leaves the weights it had: hours of work may stand in them.
    private async Task SaveWhatThereIsAsync(JobRunner? runner)
    {
        try
        {
            await (runner is { Summary.Steps: > 0 } ? runner.SaveModelAsync() : Task.CompletedTask);
        }
        catch (Exception failure)
        {
            LogFailed(Id, failure);
        }
    }

    private async Task FinishAsync(
        JobSubmission submission,
        JobPlan plan,
        DataPlan data,
        JobLeader leader,
        ProgressLog progress,
        JobState state,
        string? error)
    {
        RunSummary summary = leader.Runner?.Summary ?? new RunSummary();
        JobCrew? crew = leader.Crew;
        string sha256 = data.Request.Source.ContentSha256;
        submission = leader.Run?.Submission ?? submission;
        string text = summary.ToJson(submission, plan, sha256, crew, pool.Threads, state, error);
        try
        {
            // Without a claim to the folder nothing is written there.
            await (leader.Run?.Folder.WriteSummaryAsync(text) ?? Task.CompletedTask);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TrainerException)
        {
            (state, error) = (JobState.Failed, $"The summary could not be written: {failure.Message}");
            text = summary.ToJson(submission, plan, sha256, crew, pool.Threads, state, error);
        }

        await Task.Run(telemetry.Flush);
        progress.End(state, error, text);
    }

    // Writes the state file after every change until the job has ended.
    private async Task PublishAsync(JobStateWriter writer)
    {
        long seen = 0;
        while (_progress is { Summary: null } progress)
        {
            Publish(writer);
            seen = (await progress.WatchAsync(seen)).Sequence;
        }
    }

    private void Publish(JobStateWriter writer)
    {
        try
        {
            // A newer incarnation of the job writes the same file.
            if (_leader?.Run?.Folder.IsLost() != true)
            {
                writer.Write(StateFile(_progress!));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A job does not end because its state cannot be shown.
            LogFailed(Id, failure);
        }
    }

    private JobStateFile StateFile(ProgressLog progress) => new(
        Id,
        _submission!.Job.Name,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(progress.State.ToString()),
        progress.Epoch,
        progress.Step,
        progress.Step,
        _leader?.Run?.Incarnation ?? 0,
        Plane,
        _isHandedOver ? [] : Locations(),
        [],
        _submission.RunFolder)
    {
        Leader = ProcessIdentity.Current,
        CheckpointError = progress.CheckpointError,
        LostASilo = _lostASilo,
        IsKept = !_submission.IsPart,
        IsHandedOver = _isHandedOver,
    };

    private IReadOnlyList<GrainLocation> Locations() =>
    [
        new GrainLocation($"training-job {Id}", options.Value.SiloName),
        .. (_leader?.Working?.Locations ?? []).Select(location => new GrainLocation(location.Grain, location.Silo)),
    ];

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is handed over: this silo is about to stop.")]
    private partial void LogHandedOver(string job);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ended: {State}{Error}")]
    private partial void LogEnded(string job, JobState state, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed.")]
    private partial void LogFailed(string job, Exception failure);
}
