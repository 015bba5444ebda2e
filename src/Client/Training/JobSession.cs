using System.Diagnostics;

using Trainer.Checkpoints;
using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Diagnostics;
using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>A prepared job on its way: starts or finds the cluster, submits, follows, tells how it ended.</summary>
/// <param name="job">The job.</param>
/// <param name="choice">Where it runs.</param>
/// <param name="placement">What the command line said of that.</param>
/// <param name="view">What the user sees.</param>
/// <param name="time">The clock.</param>
internal sealed class JobSession(
    PreparedJob job, ClusterChoice choice, PlacementOptions placement, IRunView view, TimeProvider time)
{
    /// <summary>What the finished job has to reach.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>A name for this attempt to resume the job; null: it starts for the first time.</summary>
    public string? Attempt { get; init; }

    /// <summary>The checkpoint that it goes on from; null: it begins at the first step.</summary>
    public FoundCheckpoint? Checkpoint { get; init; }

    /// <summary>Runs it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="submit">Told the name of the cluster just before the job is submitted.</param>
    /// <param name="stop">Ctrl-C: cancels the job and waits for its end.</param>
    public async Task<int> RunAsync(RunEntry run, Action<string> submit, CancellationToken stop)
    {
        (ClusterHandle cluster, string baselines) = await StartAsync(run.Id, stop);
        await using (cluster)
        {
            submit(cluster.Name);
            return await RunAsync(run with { Cluster = cluster.Name }, cluster, baselines, stop);
        }
    }

    // Silos take a second or two to start; the baselines are computed meanwhile.
    private async Task<(ClusterHandle Cluster, string Baselines)> StartAsync(string id, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<string> baselines = Checkpoint is { } found
            ? Task.FromResult(found.Content.Baselines)
            : Task.Run(() => job.ComputeBaselines(failed.Token), failed.Token);
        ClusterHandle? cluster = null;
        if (choice.Kind == ClusterKind.Own)
        {
            view.Note($"starting {ClusterLifecycle.Count(choice.Silos)} ...");
        }

        try
        {
            cluster = await choice.StartAsync(placement.Threads, placement.Detach ? id : null, stop);
            var shown = new LoadProgress(view.Note, time);
            return (cluster, await shown.FollowAsync(baselines, () => "computing the baselines"));
        }
        catch
        {
            await failed.CancelAsync();
            await ((Task)baselines).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    private async Task<int> RunAsync(RunEntry entry, ClusterHandle cluster, string baselines, CancellationToken stop)
    {
        foreach (string warning in choice.Warnings(placement.Threads, cluster))
        {
            view.Note(warning);
        }

        using Activity? span = TrainerActivity.Source.StartActivity(TrainerActivity.JobRun);
        span?.SetTag(TrainerActivity.Job, entry.Id);
        var submission = new JobSubmission(
            entry.Id,
            job.Plan.Job,
            job.Data.ToJson(),
            entry.Folder,
            baselines,
            cluster.SiloProcesses,
            span?.Id,
            job.InitialWeights)
        {
            FoldPlans = [.. job.Folds.Select(fold => fold.ToJson())],
            Attempt = Attempt,
        };
        var run = RunReference.Of(entry);
        RunHeader header = TrainHeader.Of(
            entry,
            PlanReport.Create(job.Plan, job.Data, cluster.SiloProcesses, job.Folds.Length),
            new RunPlacement(cluster.Name, choice.Kind == ClusterKind.Own, cluster.Threads),
            Checkpoint,
            Directory.GetCurrentDirectory());
        JobWatcher watcher = Watcher(run, cluster);
        if (placement.Detach)
        {
            await watcher.StartAsync(submission, stop);
            return Detach(run, cluster, header);
        }

        view.Started(header);
        RunOutcome? outcome = await FollowAsync(watcher, submission, stop);
        return outcome is null ? NotStopped(run) : Finish(run, outcome, stop);
    }

    private JobWatcher Watcher(RunReference run, ClusterHandle cluster)
    {
        string whenLost = choice.Kind == ClusterKind.Running || placement.Detach
            ? $"the job may go on: 'trainer attach {run.Id}' follows it."
            : $"its silos end with this command; 'trainer resume {run.Id}' goes on with the job.";
        return new JobWatcher(
            cluster.Client.GetGrain<ITrainingJobGrain>(run.Id),
            () => SummaryFile.TryRead(run.SummaryPath),
            view.Note,
            whenLost,
            time,
            Checkpoint?.Content.Position.MetricsLines ?? 0);
    }

    // Null when Ctrl-C came and the job did not end in time.
    private async Task<RunOutcome?> FollowAsync(JobWatcher watcher, JobSubmission submission, CancellationToken stop)
    {
        try
        {
            await watcher.StartAsync(submission, stop);
            return await view.WatchAsync(() => watcher.WatchAsync(view.Progress, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            view.Note("writing a checkpoint and stopping; press Ctrl-C again to leave at once");
            return await watcher.CancelAsync(view.Progress, CancellationToken.None);
        }
    }

    private int NotStopped(RunReference run)
    {
        view.Note($"trainer: the job has not ended within {Figures.Rough(JobWatcher.StopPatience)}; "
            + $"{ResumeHint.Of(run)}.");
        return ExitCode.Cancelled;
    }

    private int Finish(RunReference run, RunOutcome outcome, CancellationToken stop)
    {
        view.Finished(run, outcome);
        foreach (string line in ResumeHint.Lines(run, outcome, isByUser: stop.IsCancellationRequested))
        {
            view.Note(line);
        }

        if (outcome is not { State: JobState.Completed, Summary: { } summary })
        {
            return outcome.ExitCode;
        }

        string[] misses = [.. Requirements.Select(requirement => requirement.Miss(summary)).OfType<string>()];
        foreach (string miss in misses)
        {
            view.Note($"trainer: {miss}");
        }

        return misses.Length > 0 ? ExitCode.RequirementMissed : ExitCode.Done;
    }

    private int Detach(RunReference run, ClusterHandle cluster, RunHeader header)
    {
        view.Detached(header, run.Id);
        view.Note($"runs on cluster '{cluster.Name}'; 'trainer attach {run.Id}' follows it, "
            + $"'trainer cancel {run.Id}' ends it");
        return ExitCode.Done;
    }
}
