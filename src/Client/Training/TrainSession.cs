using System.Diagnostics;

using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Diagnostics;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>The client's side of one training: from the command line to the exit code.</summary>
internal sealed class TrainSession(TrainOptions options, IRunView view, TimeProvider time)
{
    /// <summary>Runs it.</summary>
    /// <param name="stop">Ctrl-C: cancels the job and waits for its end.</param>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var choice = ClusterChoice.Of(options.Cluster, options.Silos, options.Detach, ClusterHandle.IsRunning);
        NewRun.CheckFolder(options.Out);
        TrainerHome.Current.Create(TrainerHome.Current.Runs);
        var shown = new LoadProgress(view.Note, time);
        PreparedJob job = await PreparedJob.LoadAsync(options.JobPath, options.Overrides, shown, stop);
        IReadOnlyList<string> reported = job.ReportedMetrics();
        Requirement[] requirements = [.. options.Require.Select(text => Requirement.Parse(text, reported))];
        _ = job.Plan.Workers(Math.Max(1, choice.Silos));
        foreach (string warning in job.Plan.Warnings)
        {
            view.Note($"warning: {warning}");
        }

        using var traces = new TraceExport(
            "trainer-client", $"{Environment.MachineName}/client/{Environment.ProcessId}", Console.Error);
        using IDisposable exported = traces.Start(job.Plan.Job.Telemetry);
        JobSpec spec = job.Plan.Job;
        var run = NewRun.Create(
            new RunIndex(TrainerHome.Current), spec.Name, options.Out, JobFile.ToYaml(spec), time.GetUtcNow());
        bool isSubmitted = false;
        try
        {
            (ClusterHandle cluster, string baselines) = await StartAsync(choice, job, run.Entry.Id, stop);
            await using (cluster)
            {
                run.PlaceOn(cluster.Name);
                isSubmitted = true;
                return await TrainAsync(run, job, choice, cluster, baselines, requirements, stop);
            }
        }
        finally
        {
            if (!isSubmitted)
            {
                run.Abandon();
            }
        }
    }

    // Silos take a second or two to start; the baselines are computed meanwhile.
    private async Task<(ClusterHandle Cluster, string Baselines)> StartAsync(
        ClusterChoice choice, PreparedJob job, string id, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<string> baselines = Task.Run(() => job.ComputeBaselines(failed.Token), failed.Token);
        ClusterHandle? cluster = null;
        if (choice.Kind == ClusterKind.Own)
        {
            view.Note($"starting {ClusterLifecycle.Count(choice.Silos)} ...");
        }

        try
        {
            cluster = await choice.StartAsync(options.Threads, options.Detach ? id : null, stop);
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

    private async Task<int> TrainAsync(
        NewRun run,
        PreparedJob job,
        ClusterChoice choice,
        ClusterHandle cluster,
        string baselines,
        Requirement[] requirements,
        CancellationToken stop)
    {
        foreach (string warning in choice.Warnings(options.Threads, cluster))
        {
            view.Note(warning);
        }

        using Activity? span = TrainerActivity.Source.StartActivity(TrainerActivity.JobRun);
        span?.SetTag(TrainerActivity.Job, run.Entry.Id);
        RunEntry entry = run.Entry;
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
        };
        RunHeader header = TrainHeader.Of(
            entry,
            PlanReport.Create(job.Plan, job.Data, cluster.SiloProcesses, job.Folds.Length),
            new RunPlacement(cluster.Name, choice.Kind == ClusterKind.Own, cluster.Threads),
            Directory.GetCurrentDirectory());
        JobWatcher watcher = Watcher(run, choice, cluster);
        if (options.Detach)
        {
            await watcher.StartAsync(submission, stop);
            return Detach(run, cluster, header);
        }

        view.Started(header);
        RunOutcome? outcome = await FollowAsync(watcher, submission, stop);
        return outcome is null ? NotStopped() : Finish(run, outcome, requirements, stop);
    }

    private JobWatcher Watcher(NewRun run, ClusterChoice choice, ClusterHandle cluster)
    {
        string whenLost = choice.Kind == ClusterKind.Running || options.Detach
            ? $"the job may go on: 'trainer attach {run.Entry.Id}' follows it."
            : "its silos end with this command; start the job again.";
        return new JobWatcher(
            cluster.Client.GetGrain<ITrainingJobGrain>(run.Entry.Id),
            () => SummaryFile.TryRead(run.Reference.SummaryPath),
            view.Note,
            whenLost,
            time);
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
            view.Note("cancelling the job; press Ctrl-C again to leave at once");
            return await watcher.CancelAsync(view.Progress, CancellationToken.None);
        }
    }

    private int NotStopped()
    {
        view.Note($"trainer: the job has not ended within {Figures.Rough(JobWatcher.CancelPatience)}; "
            + "nothing can be resumed, for there are no checkpoints yet.");
        return ExitCode.Cancelled;
    }

    private int Finish(NewRun run, RunOutcome outcome, Requirement[] requirements, CancellationToken stop)
    {
        view.Finished(run.Reference, outcome);
        if (outcome.Error is { } error)
        {
            view.Note($"trainer: {error}");
        }
        else if (outcome.State == JobState.Cancelled)
        {
            string by = stop.IsCancellationRequested ? "cancelled" : "cancelled by somebody else";
            view.Note($"trainer: {by}; nothing can be resumed, for there are no checkpoints yet.");
        }

        if (outcome is not { State: JobState.Completed, Summary: { } summary })
        {
            return outcome.ExitCode;
        }

        string[] misses = [.. requirements.Select(requirement => requirement.Miss(summary)).OfType<string>()];
        foreach (string miss in misses)
        {
            view.Note($"trainer: {miss}");
        }

        return misses.Length > 0 ? ExitCode.RequirementMissed : ExitCode.Done;
    }

    private int Detach(NewRun run, ClusterHandle cluster, RunHeader header)
    {
        view.Detached(header, run.Entry.Id);
        view.Note($"runs on cluster '{cluster.Name}'; 'trainer attach {run.Entry.Id}' follows it, "
            + $"'trainer cancel {run.Entry.Id}' ends it");
        return ExitCode.Done;
    }
}
