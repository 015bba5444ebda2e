using System.Diagnostics;
using System.Text.Json.Nodes;

using Trainer.Cluster;
using Trainer.Diagnostics;
using Trainer.Grains;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Sweeps;

/// <summary>Submits a sweep to a cluster and follows it: to the end, or until Ctrl-C cancels it.</summary>
/// <param name="sweep">The sweep; its folder has its files.</param>
/// <param name="prepared">The sweep, planned.</param>
/// <param name="options">The command line.</param>
internal sealed class SweepFollow(
    SweepReference sweep, PreparedSweep prepared, SweepOptions options, ISweepView view, TimeProvider time)
{
    /// <summary>Runs it.</summary>
    /// <param name="choice">Which cluster was asked for.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="stop">Ctrl-C: cancels the sweep and waits for its end.</param>
    public async Task<int> RunAsync(ClusterChoice choice, ClusterHandle cluster, CancellationToken stop)
    {
        foreach (string warning in choice.Warnings(options.Threads, cluster))
        {
            view.Note(warning);
        }

        using Activity? span = TrainerActivity.Source.StartActivity(TrainerActivity.JobRun);
        span?.SetTag(TrainerActivity.Job, sweep.Id);
        var submission = new SweepSubmission(
            sweep.Id,
            prepared.File.Text,
            prepared.Job.Data.ToJson(),
            sweep.Folder,
            cluster.SiloProcesses,
            span?.Id);
        var watcher = new SweepWatcher(
            cluster.Client.GetGrain<ISweepGrain>(sweep.Id),
            SweepFolder.Read(sweep).Table,
            () => SweepFolder.Summary(sweep),
            view.Note,
            $"'trainer sweep resume {sweep.Id}' goes on with it.",
            time);
        RunHeader header = Header(choice, cluster);
        if (options.Detach)
        {
            await watcher.StartAsync(submission, stop);
            view.Detached(header, sweep.Id);
            view.Note($"runs on cluster '{cluster.Name}'; 'trainer sweep resume {sweep.Id}' follows it, 'trainer sweep "
                + $"cancel {sweep.Id}' ends it");
            return ExitCode.Done;
        }

        view.Started(header);
        SweepOutcome? outcome = await FollowAsync(watcher, submission, stop);
        return outcome is null ? NotStopped() : Finish(outcome, stop);
    }

    // Null when Ctrl-C came and the sweep did not end in time.
    private async Task<SweepOutcome?> FollowAsync(
        SweepWatcher watcher, SweepSubmission submission, CancellationToken stop)
    {
        try
        {
            await watcher.StartAsync(submission, stop);
            return await view.WatchAsync(
                prepared.File.Sweep.Metric, () => watcher.WatchAsync(view.Progress, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            view.Note("cancelling the sweep; press Ctrl-C again to leave at once");
            return await watcher.CancelAsync(view.Progress, CancellationToken.None);
        }
    }

    private int NotStopped()
    {
        view.Note($"trainer: the sweep has not ended within {Figures.Rough(JobWatcher.StopPatience)}; "
            + $"'trainer sweep resume {sweep.Id}' goes on with it.");
        return ExitCode.Cancelled;
    }

    private int Finish(SweepOutcome outcome, CancellationToken stop)
    {
        view.Finished(SweepFolder.Read(sweep), outcome);
        if (outcome.Error is { } error)
        {
            view.Note($"trainer: {error}");
        }
        else if (outcome.State == SweepState.Cancelled)
        {
            string by = stop.IsCancellationRequested ? "cancelled" : "cancelled by somebody else";
            view.Note($"trainer: {by}; what has ended stays, and 'trainer sweep resume {sweep.Id}' goes on.");
        }

        return outcome.ExitCode;
    }

    private RunHeader Header(ClusterChoice choice, ClusterHandle cluster)
    {
        PlanReport plan = PlanReport.Create(prepared.Job.Plan, prepared.Job.Data, cluster.SiloProcesses, folds: 0);
        var placement = new RunPlacement(cluster.Name, choice.Kind == ClusterKind.Own, cluster.Threads);
        string folder = FinalBlock.ShortPath(sweep.Folder, Directory.GetCurrentDirectory());
        (Jobs.SweepFile file, Jobs.SweepSpec spec) = (prepared.File, prepared.File.Sweep);
        string repeats = spec.Repeats == 1 ? "" : $", {Figures.Count(spec.Repeats, "seed")} each";
        return new RunHeader(
            [
                ("sweep", $"{sweep.Id} in {folder}"),
                ("data", TrainHeader.Data(plan)),
                ("search", $"{file.SamplerName}, {Figures.Count(file.Space.Dimensions.Count, "parameter")}, seed "
                    + $"{file.Seed}; scheduler {file.SchedulerName}"),
                ("trials", $"{Figures.Count(spec.Trials)} of {Figures.Count(plan.Epochs, "epoch")}{repeats}; "
                    + $"{file.Goal.ToString().ToLowerInvariant()} {spec.Metric}"),
                ("cluster", $"{TrainHeader.Where(plan, placement)}, {Figures.Count(placement.Threads, "thread")} each"),
            ],
            new JsonObject
            {
                ["sweep"] = sweep.Id,
                ["folder"] = sweep.Folder,
                ["cluster"] = cluster.Name,
                ["trials"] = spec.Trials,
            });
    }
}
