using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Trainer.Checkpoints;
using Trainer.Clusters;
using Trainer.Backends;
using Trainer.Compute;
using Trainer.Data;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Placement;
using Trainer.Runs;

namespace Trainer.Grains;

/// <inheritdoc cref="ITrainingJobGrain"/>
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
    private JobRun? _run;
    private Task _running = Task.CompletedTask;
    private bool _lostASilo;

    // The crew that works now: that of a fold, then that of the model.
    private JobCrew? _working;

    private string Id => this.GetPrimaryKeyString();

    // Of this silo, whose end the grains of the job watch for.
    private string? Address => GrainContext.Address.SiloAddress?.ToParsableString();

    /// <inheritdoc/>
    public async Task StartAsync(JobSubmission submission)
    {
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
        (_stop, _stopsAs, _run, _lostASilo) = (new CancellationTokenSource(), JobState.Cancelled, null, false);
        _progress = ProgressOf(submission, plan);
        _submission = submission;

        // Nobody calls this grain when no client watches, and idle grains are collected.
        DelayDeactivation(TimeSpan.FromDays(365));

        // Not awaited: the job goes on when this call is over, on this grain's scheduler.
        _running = EndAnywayAsync(RunAsync(submission, plan, data, _progress), _progress);
    }

    /// <inheritdoc/>
    public Task<JobProgress> WatchAsync(long afterSequence) => _progress is { } progress
        ? progress.WatchAsync(afterSequence)
        : throw new TrainerException(
            $"Job '{Id}' does not run on this cluster: it was never started here, or the silo that led it ended.");

    /// <inheritdoc/>
    public Task CancelAsync()
    {
        _stop.Cancel();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PauseAsync()
    {
        // Who cancels has the last word.
        if (!_stop.IsCancellationRequested)
        {
            _stopsAs = JobState.Paused;
            _stop.Cancel();
        }

        return Task.CompletedTask;
    }

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
            _working = null;
            Publish(new JobStateWriter(options.Value.JobsFolder, time));
            DelayDeactivation(KeptAfterEnd);
        }
    }

    private async Task RunAsync(JobSubmission submission, JobPlan plan, DataPlan data, ProgressLog progress)
    {
        var writer = new JobStateWriter(options.Value.JobsFolder, time);
        JobRunner? runner = null;
        JobCrew? crew = null;
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
                _run = await JobRun.OpenAsync(submission, plan, data, progress, time);
                ImmutableArray<string> names = await silos.ActiveAsync(submission.SiloProcesses, _stop.Token);
                crew = new JobCrew(GrainFactory, Id, plan, names, submission.InitialWeights)
                {
                    Leader = Address,
                    Incarnation = _run.Incarnation,
                };
                string? trace = TraceContext.Next(activity, submission.TraceParent);
                runner = Runner(_run, plan, data, crew, names, trace);
                _working = crew;
                publishing = PublishAsync(writer);
                LogStarted(Id, _run.Incarnation, progress.Step, crew.Workers.Length, names.Length);
                await runner.RunAsync(submission.DataPlan, trace, _stop.Token);
                state = JobState.Completed;
            }
            catch (Exception failure)
            {
                (state, error) = await EndAsync(failure, runner);
                activity?.SetStatus(ActivityStatusCode.Error, error);
            }
        }

        await (_run?.Saver.EndAsync() ?? Task.CompletedTask);
        await (crew?.ReleaseAsync() ?? Task.CompletedTask);
        await FinishAsync(submission, plan, data, runner, crew, progress, state, error);
        await Task.Run(exported.Dispose);

        // In the turn that ends the job, so that nobody who heard of the end reads an older state.
        Publish(writer);
        await publishing;
        LogEnded(Id, state, error is null ? "" : $": {error}");
        DelayDeactivation(KeptAfterEnd);
    }

    // The steps of all trainings: those of the folds, then that on all rows.
    private ProgressLog ProgressOf(JobSubmission submission, JobPlan plan)
    {
        long folds = submission.FoldPlans
            .Select(DataPlan.FromJson)
            .Sum(fold => JobPlan.Create(submission.Job, fold).TotalSteps);
        return new ProgressLog(plan.Job.Training.Epochs, folds + plan.TotalSteps, time);
    }

    private JobRunner Runner(
        JobRun run, JobPlan plan, DataPlan data, JobCrew crew, ImmutableArray<string> silos, string? trace)
    {
        TrainingPosition? from = run.From is { Fold: null } position ? position : null;
        if (run.Submission.FoldPlans.IsEmpty)
        {
            return new JobRunner(run, plan, data, crew) { From = from };
        }

        var folds = new CrossValidation(GrainFactory, run) { Leader = Address };
        return new JobRunner(run, plan, data, crew)
        {
            From = from,
            Fold = new FoldPlace(Number: null, run.Submission.FoldPlans.Length),
            CrossValidate = async () =>
            {
                IReadOnlyList<FoldResult> results =
                    await folds.RunAsync(silos, working => _working = working, trace, _stop.Token);
                _working = crew;
                return results;
            },
        };
    }

    private async Task<(JobState State, string? Error)> EndAsync(Exception failure, JobRunner? runner)
    {
        switch (failure)
        {
            case OperationCanceledException when _stop.IsCancellationRequested:
                await SaveWhatThereIsAsync(runner);
                return (_stopsAs, null);
            case DivergedException:
                return (JobState.Diverged, failure.Message);
            case var _ when lifetime.ApplicationStopping.IsCancellationRequested:
                return (
                    JobState.Failed,
                    "The silo that led the job was stopped before the job had ended: by 'trainer down' or 'scale', or "
                    + "because the client that owned its cluster ended.");
            case TrainerException:
                return (JobState.Failed, failure.Message);
            case SiloUnavailableException or OrleansMessageRejectionException or TimeoutException:
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
        JobRunner? runner,
        JobCrew? crew,
        ProgressLog progress,
        JobState state,
        string? error)
    {
        RunSummary summary = runner?.Summary ?? new RunSummary();
        string sha256 = data.Request.Source.ContentSha256;
        submission = _run?.Submission ?? submission;
        string text = summary.ToJson(submission, plan, sha256, crew, pool.Threads, state, error);
        try
        {
            // Without a claim to the folder nothing is written there.
            await (_run?.Folder.WriteSummaryAsync(text) ?? Task.CompletedTask);
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
        while (_progress!.Summary is null)
        {
            Publish(writer);
            seen = (await _progress.WatchAsync(seen)).Sequence;
        }
    }

    private void Publish(JobStateWriter writer)
    {
        try
        {
            // A newer incarnation of the job writes the same file.
            if (_run?.Folder.IsLost() != true)
            {
                writer.Write(StateFile(_working, _progress!));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A job does not end because its state cannot be shown.
            LogFailed(Id, failure);
        }
    }

    private JobStateFile StateFile(JobCrew? crew, ProgressLog progress) => new(
        Id,
        _submission!.Job.Name,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(progress.State.ToString()),
        progress.Epoch,
        progress.Step,
        progress.Step,
        _run?.Incarnation ?? 0,
        Plane,
        [
            new GrainLocation($"training-job {Id}", options.Value.SiloName),
            .. (crew?.Locations ?? []).Select(location => new GrainLocation(location.Grain, location.Silo)),
        ],
        [],
        _submission.RunFolder)
    {
        Leader = ProcessIdentity.Current,
        CheckpointError = progress.CheckpointError,
        LostASilo = _lostASilo,
    };

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Job {Job}, incarnation {Incarnation}, starts at step {Step}: {Workers} workers on {Silos} silos.")]
    private partial void LogStarted(string job, int incarnation, long step, int workers, int silos);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ended: {State}{Error}")]
    private partial void LogEnded(string job, JobState state, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed.")]
    private partial void LogFailed(string job, Exception failure);
}
