using System.Security.Cryptography;

using Trainer.Checkpoints;
using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Diagnostics;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>Goes on with a run from its last good checkpoint, in the same folder and with the same bits.</summary>
internal sealed class ResumeSession(RunReference run, PlacementOptions placement, IRunView view, TimeProvider time)
{
    /// <summary>Runs it.</summary>
    /// <param name="stop">Ctrl-C: writes a checkpoint, cancels the job and waits for its end.</param>
    /// <exception cref="CommandException">The run cannot be resumed (exit code 2).</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var choice =
            ClusterChoice.Of(placement.Cluster, placement.Silos, placement.Detach, ClusterHandle.IsRunning);
        CheckState();
        TrainerHome.Current.Create(TrainerHome.Current.Runs);
        PreparedJob job = await PrepareAsync(stop);
        FoundCheckpoint? checkpoint = await Task.Run(() => FindCheckpoint(job), stop);
        _ = job.Plan.Workers(Math.Max(1, choice.Silos));
        if (checkpoint is null)
        {
            view.Note($"run '{run.Id}' has no checkpoint yet: it begins again");
        }

        using var traces = new TraceExport(
            "trainer-client", $"{Environment.MachineName}/client/{Environment.ProcessId}", Console.Error);
        using IDisposable exported = traces.Start(job.Plan.Job.Telemetry);
        var index = new RunIndex(TrainerHome.Current);
        RunEntry entry = run.Entry
            ?? index.Claim(job.Plan.Job.Name, Path.GetFullPath("runs"), run.Folder, time.GetUtcNow());
        var session = new JobSession(job, choice, placement, view, time)
        {
            Attempt = RandomNumberGenerator.GetHexString(16, lowercase: true),
            Checkpoint = checkpoint,
        };
        return await session.RunAsync(
            entry,
            cluster =>
            {
                // How an earlier attempt ended is not how this one does.
                File.Delete(run.SummaryPath);
                index.Update(entry with { Cluster = cluster });
            },
            stop);
    }

    private void CheckState()
    {
        if (run.Entry is { Cluster: { } cluster }
            && new ClusterFolder(TrainerHome.Current, cluster).ReadJob(run.Id) is { IsUnfinished: true })
        {
            throw new CommandException($"run '{run.Id}' still runs; 'trainer attach {run.Id}' follows it.");
        }

        switch (SummaryFile.TryRead(run.SummaryPath)?.Status)
        {
            case "completed":
                throw new CommandException(
                    $"run '{run.Id}' has completed, so there is nothing to resume; 'trainer train {run.JobPath}' "
                    + "trains anew.");
            case "diverged":
                throw new CommandException(
                    $"run '{run.Id}' has diverged, and would do so again bit for bit; change 'optimizer.learning_rate' "
                    + "and train anew.");
        }
    }

    private Task<PreparedJob> PrepareAsync(CancellationToken stop)
    {
        var shown = new LoadProgress(view.Note, time);
        var progress = new Data.ReadProgress();
        return shown.RunAsync(
            () =>
            {
                JobSpec spec = JobFile.Parse(File.ReadAllText(run.JobPath), run.JobPath);
                return PreparedJob.Of(spec, run.Folder, stop, progress);
            },
            () => LoadProgress.Planning(run.JobPath, progress),
            stop);
    }

    private FoundCheckpoint? FindCheckpoint(PreparedJob job)
    {
        FoundCheckpoint? found = CheckpointReader.ReadNewest(RunFiles.Checkpoints(run.Folder), DiskFiles.Instance);
        var now = CheckpointJob.Of(
            job.Plan.Kernel,
            JobFile.ToJson(job.Plan.Job),
            job.Data,
            job.Folds);
        return found is not null && now.DifferenceFrom(found.Content.Job) is { } difference
            ? throw new CommandException(
                $"run '{run.Id}' cannot go on from its checkpoint '{found.Name.File}': {difference}. Put it back as it "
                + "was, or train anew.")
            : found;
    }
}
