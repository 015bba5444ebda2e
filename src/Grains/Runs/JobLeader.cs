using System.Collections.Immutable;

using Microsoft.Extensions.Logging;

using Trainer.Data;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Placement;
using Trainer.Recovery;

namespace Trainer.Runs;

/// <summary>
/// Leads a job to its end, through as many incarnations as that takes: each has a crew of its own on the silos that
/// live, and goes on from the newest checkpoint. The bits do not depend on how many there are (decision 0009).
/// </summary>
/// <remarks>Lives on its grain's scheduler and only awaits.</remarks>
/// <param name="grains">Makes grain references.</param>
/// <param name="silos">The silos.</param>
/// <param name="submission">The job.</param>
/// <param name="plan">Its plan.</param>
/// <param name="data">Its data.</param>
/// <param name="progress">What watchers see.</param>
/// <param name="address">Address of this silo, whose end the grains of the job watch for.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where losses are told.</param>
internal sealed partial class JobLeader(
    IGrainFactory grains,
    SiloDirectory silos,
    JobSubmission submission,
    JobPlan plan,
    DataPlan data,
    ProgressLog progress,
    string? address,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Why a job has ended that no silo can go on with.</summary>
    public const string Stopped =
        "The silo that led the job was stopped before the job had ended: by 'trainer down' or 'scale', or because the "
        + "client that owned its cluster ended.";

    // Where a silo has ended without a word, calls fail before the membership tells.
    private static readonly TimeSpan DetectionTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private CrewWatch? _watch;

    /// <summary>The incarnation at hand; null before the run folder is claimed.</summary>
    public JobRun? Run { get; private set; }

    /// <summary>The crew of the model; null before the first.</summary>
    public JobCrew? Crew { get; private set; }

    /// <summary>The crew that works now: that of a fold, then that of the model.</summary>
    public JobCrew? Working { get; private set; }

    /// <summary>The training of the model.</summary>
    public JobRunner? Runner { get; private set; }

    /// <summary>Runs the job.</summary>
    /// <param name="trace">Span to hang the epochs below.</param>
    /// <param name="opened">Called when an incarnation begins.</param>
    /// <param name="cancellationToken">Ends it at a step, once a checkpoint is written there.</param>
    /// <exception cref="LeaderLeavesException">This silo is about to stop, and the job is saved.</exception>
    public async Task RunAsync(string? trace, Action opened, CancellationToken cancellationToken)
    {
        var limit = new RecoveryLimit();
        string? before = null;
        while (true)
        {
            try
            {
                await RunIncarnationAsync(trace, opened, before, cancellationToken);
                return;
            }
            catch (CrewMovesException)
            {
                before = "";
                RequireStaying();
                Abandon();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Run is not null)
            {
                if (!await IsOfTheClusterAsync(failure) || limit.Next(progress.Step) is not { } pause)
                {
                    throw;
                }

                LogLost(submission.JobId, Run.Incarnation, progress.Step, failure);
                before = failure is CrewLostException lost
                    ? $"{string.Join(", ", lost.Silos)} ended or stopped answering"
                    : "a silo ended or stopped answering";
                Abandon();
                await Task.Delay(pause, time, cancellationToken);
                await RequireMembershipAsync();
            }
        }
    }

    /// <summary>Ends the grains that the job still has.</summary>
    public async Task ReleaseAsync()
    {
        await (Run?.Saver.EndAsync() ?? Task.CompletedTask);
        await Task.WhenAll(Crews().Select(crew => crew.ReleaseAsync()));
    }

    private async Task RunIncarnationAsync(
        string? trace, Action opened, string? before, CancellationToken cancellationToken)
    {
        JobSubmission attempt = Run is null ? submission : submission with
        {
            // Not a name that a client could give: it begins at the newest checkpoint, and only after its own last.
            Attempt = submission.Attempt ?? "recovery",
            Follows = Run.Incarnation,
        };
        Run = await JobRun.OpenAsync(attempt, plan, data, progress, time);
        ImmutableArray<SeenSilo> names =
            await silos.ActiveAsync(attempt.Follows is null ? submission.SiloProcesses : 1, cancellationToken);
        _watch = new CrewWatch(names, silos.Living, time);
        Crew = new JobCrew(grains, submission.JobId, Run.Incarnation, plan, _watch, submission.InitialWeights)
        {
            Leader = address,
        };
        Working = Crew;
        Runner = MakeRunner(_watch, trace, cancellationToken);
        opened();
        LogStarted(submission.JobId, Run.Incarnation, progress.Step, Crew.Workers.Length, names.Length);
        Tell(before, names);
        using var over = new CancellationTokenSource();
        Task watching = _watch.WatchAsync(over.Token);
        try
        {
            await Runner.RunAsync(submission.DataPlan, trace, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private void Tell(string? before, ImmutableArray<SeenSilo> names)
    {
        string on = $"goes on after step {progress.Step} on {string.Join(", ", names.Select(silo => silo.Name))}";
        if (before is { Length: > 0 })
        {
            progress.Tell($"warning: {before}; the job {on}");
        }
        else if (before is not null)
        {
            progress.Tell($"the job {on}");
        }
    }

    private JobRunner MakeRunner(CrewWatch watch, string? trace, CancellationToken cancellationToken)
    {
        JobRun run = Run!;
        JobCrew crew = Crew!;
        Checkpoints.TrainingPosition? from = run.From is { Fold: null } position ? position : null;
        if (run.Submission.FoldPlans.IsEmpty)
        {
            return new JobRunner(run, plan, data, crew) { From = from };
        }

        var folds = new CrossValidation(grains, run) { Leader = address };
        return new JobRunner(run, plan, data, crew)
        {
            From = from,
            Fold = new FoldPlace(Number: null, run.Submission.FoldPlans.Length),
            CrossValidate = async () =>
            {
                IReadOnlyList<FoldResult> results =
                    await folds.RunAsync(watch, working => Working = working, trace, cancellationToken);
                Working = crew;
                return results;
            },
        };
    }

    // What a silo that ends leaves behind, as opposed to what would fail again on any silo.
    private async Task<bool> IsOfTheClusterAsync(Exception failure)
    {
        if (failure is StaleIncarnationException or DivergedException or OperationCanceledException)
        {
            return false;
        }

        if (failure is CrewLostException)
        {
            return true;
        }

        if (failure is not (GrainLostException or StepTimeoutException or TimeoutException or OrleansException))
        {
            return false;
        }

        // Soon the membership knows which silo it was, and the next crew does without it.
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < DetectionTime && _watch?.HasLost() == false)
        {
            await Task.Delay(Period, time);
        }

        return true;
    }

    // Not awaited: grains on a silo that has ended do not answer, and the next incarnation has others.
    private void Abandon()
    {
        Run!.Saver.Abandon();
        foreach (JobCrew crew in Crews())
        {
            _ = crew.ReleaseAsync();
        }
    }

    private IEnumerable<JobCrew> Crews() => new[] { Crew, Working }.OfType<JobCrew>().Distinct();

    private void RequireStaying()
    {
        if (silos.IsLeaving)
        {
            throw silos.Living().Any(silo => !silo.IsLeaving)
                ? new LeaderLeavesException()
                : new TrainerException(Stopped);
        }
    }

    private async Task RequireMembershipAsync()
    {
        if (!await silos.IsMemberAsync())
        {
            throw new StaleIncarnationException("The job has stopped here: the others gave this silo up.");
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Job {Job}, incarnation {Incarnation}, starts at step {Step}: {Workers} workers on {Silos} silos.")]
    private partial void LogStarted(string job, int incarnation, long step, int workers, int silos);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {Job}, incarnation {Incarnation}, has lost a part of its crew at step {Step}.")]
    private partial void LogLost(string job, int incarnation, long step, Exception failure);
}
