using System.Text.Json.Nodes;

using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>The client's side of a run that somebody else started.</summary>
internal sealed class AttachSession(RunReference run, IRunView view, TimeProvider time)
{
    /// <summary>Follows the run to its end, or shows how it ended.</summary>
    /// <param name="stop">Ctrl-C: leaves the job going on.</param>
    public async Task<int> AttachAsync(CancellationToken stop)
    {
        if (ReadSummary() is { } summary)
        {
            view.Started(Header(cluster: null));
            view.Replay(run);
            return Finish(RunOutcome.Of(summary));
        }

        await using ClusterHandle cluster = await ConnectAsync(stop);
        view.Started(Header(cluster.Name));
        try
        {
            JobWatcher watcher = Watcher(cluster);
            return Finish(await view.WatchAsync(() => watcher.WatchAsync(view.Progress, stop)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            view.Note($"the job goes on; 'trainer attach {run.Id}' follows it, 'trainer cancel {run.Id}' ends it");
            return ExitCode.Done;
        }
    }

    /// <summary>Ends the run at its next step.</summary>
    public Task<int> CancelAsync(CancellationToken stop) =>
        StopAsync((watcher, token) => watcher.CancelAsync(_ => { }, token), stop);

    /// <summary>Stops the run at its next step, to be resumed.</summary>
    public Task<int> PauseAsync(CancellationToken stop) =>
        StopAsync((watcher, token) => watcher.PauseAsync(_ => { }, token), stop);

    private async Task<int> StopAsync(
        Func<JobWatcher, CancellationToken, Task<RunOutcome?>> ask, CancellationToken stop)
    {
        if (ReadSummary() is { } summary)
        {
            view.Note($"run '{run.Id}' has already ended: {summary.Status}");
            return ExitCode.Done;
        }

        await using ClusterHandle cluster = await ConnectAsync(stop);
        RunOutcome? outcome = await ask(Watcher(cluster), stop);
        if (outcome is { Error: { } error, Summary: null })
        {
            throw new CommandException(error, ExitCode.Failed);
        }

        view.Note(outcome is null
            ? $"run '{run.Id}' was asked to end and has not yet; 'trainer attach {run.Id}' follows it"
            : outcome.State is JobState.Cancelled or JobState.Paused
                ? $"run '{run.Id}' has ended: {outcome.Status}; {ResumeHint.Of(run)}"
                : $"run '{run.Id}' has ended: {outcome.Status}");
        return ExitCode.Done;
    }

    private async Task<ClusterHandle> ConnectAsync(CancellationToken stop)
    {
        if (run.Entry?.Cluster is not { } cluster)
        {
            throw new ClusterUnreachableException(
                $"run '{run.Id}' left no summary, and no cluster is known to run it: it was lost; "
                + $"{ResumeHint.Of(run)}.");
        }

        // Asked before the grain is: a call to a silo that was killed just now waits for its timeout.
        string state = RunStatus.Of(run.Entry, TrainerHome.Current, time.GetUtcNow()).State;
        if (ClusterHandle.IsRunning(cluster) && state == RunStatus.Lost)
        {
            throw new CommandException(
                $"run '{run.Id}' was lost: the silo that led it ended before the job did; 'trainer scale' replaces "
                + $"killed silos, {ResumeHint.Of(run)}.",
                ExitCode.Failed);
        }

        if (ClusterHandle.IsRunning(cluster))
        {
            return await ClusterHandle.ConnectAsync(cluster, stop);
        }

        // A silo inside a client has no gateway, but its job's state file shows that it lives.
        throw new ClusterUnreachableException(
            state is "running"
                ? $"run '{run.Id}' runs inside the command that started it; only that one shows and cancels it."
                : $"run '{run.Id}' was lost: its cluster '{cluster}' is no longer running and it left no summary; "
                    + $"{ResumeHint.Of(run)}.");
    }

    private JobWatcher Watcher(ClusterHandle cluster) => new(
        cluster.Client.GetGrain<ITrainingJobGrain>(run.Id),
        ReadSummary,
        view.Note,
        $"the job may go on: 'trainer attach {run.Id}' tries again.",
        time);

    private SummaryFile? ReadSummary() => SummaryFile.TryRead(run.SummaryPath);

    private RunHeader Header(string? cluster)
    {
        RunEntry? entry = run.Entry;
        string folder = FinalBlock.ShortPath(run.Folder, Directory.GetCurrentDirectory());
        List<(string, string)> lines = [("run", $"{run.Id} in {folder}")];
        if (cluster is not null)
        {
            lines.Add(("cluster", $"'{cluster}'"));
        }

        return new RunHeader(lines, new JsonObject
        {
            ["id"] = run.Id,
            ["folder"] = run.Folder,
            ["cluster"] = cluster ?? entry?.Cluster,
        });
    }

    private int Finish(RunOutcome outcome)
    {
        view.Finished(run, outcome);
        foreach (string line in ResumeHint.Lines(run, outcome, isByUser: false))
        {
            view.Note(line);
        }

        return outcome.ExitCode;
    }
}
