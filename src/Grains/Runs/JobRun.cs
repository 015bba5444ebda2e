using Trainer.Checkpoints;
using Trainer.Data;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Runs;

/// <summary>What the trainings of a job share: its run folder, its checkpoints, where it begins.</summary>
/// <param name="Submission">The job.</param>
/// <param name="Incarnation">Incarnation of the job, from 1.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="Saver">Writes checkpoints.</param>
/// <param name="Progress">What watchers see.</param>
/// <param name="Time">The clock.</param>
internal sealed record JobRun(
    JobSubmission Submission,
    int Incarnation,
    RunFolder Folder,
    CheckpointSaver Saver,
    ProgressLog Progress,
    TimeProvider Time)
{
    /// <summary>When this incarnation started.</summary>
    public long Started { get; } = Time.GetTimestamp();

    /// <summary>Where the job goes on; null: at its first step.</summary>
    public TrainingPosition? From { get; private init; }

    /// <summary>The checkpoint that it goes on from.</summary>
    public RegisteredFile? Checkpoint { get; private init; }

    /// <summary>Wall time of the job, that of earlier incarnations included.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(From?.WallSeconds ?? 0) + Time.GetElapsedTime(Started);

    /// <summary>Claims the run folder, finds the checkpoint to go on from, and goes back to it.</summary>
    /// <param name="submission">The job.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="data">Its data.</param>
    /// <param name="progress">What watchers see.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TrainerException">The folder cannot be used, or none of its checkpoints.</exception>
    public static async Task<JobRun> OpenAsync(
        JobSubmission submission, JobPlan plan, DataPlan data, ProgressLog progress, TimeProvider time)
    {
        string checkpoints = RunFiles.Checkpoints(submission.RunFolder);
        var job = CheckpointJob.Of(
            plan.Kernel,
            JobFile.ToJson(plan.Job),
            data,
            submission.FoldPlans.Select(DataPlan.FromJson));
        (CheckpointClaim claim, FoundCheckpoint? found) =
            await Task.Run(() => Claim(submission, checkpoints));
        if (found is not null && job.DifferenceFrom(found.Content.Job) is { } difference)
        {
            throw new TrainerException($"Checkpoint '{found.Path}' cannot be used: {difference}. Start a new run.");
        }

        foreach (string damaged in found?.Damaged ?? [])
        {
            progress.Tell($"warning: {damaged}");
        }

        TrainingPosition? from = found?.Content.Position;
        var folder = new RunFolder(submission.RunFolder, claim);
        string baselines = found?.Content.Baselines ?? submission.Baselines;
        submission = submission with { Baselines = baselines };
        (bool isWhole, IReadOnlyList<EpochReport> reports) =
            await Task.Run(() => Prepare(folder, from?.MetricsLines ?? 0, submission));
        if (!isWhole)
        {
            progress.Tell("warning: 'metrics.jsonl' has lost lines of epochs before the checkpoint.");
        }

        // Those who begin to watch now hear of all epochs, whoever led the job then.
        foreach (EpochReport report in reports)
        {
            progress.Report(report);
        }

        progress.Resumed(from);
        var writer = new CheckpointWriter(checkpoints, DiskFiles.Instance, claim, plan.Job.Checkpoint.Keep);
        var saver = new CheckpointSaver(plan.Job.Checkpoint, job, baselines, writer.Write, progress, time);
        if (from is not null)
        {
            saver.Resumed(from.TotalSteps);
        }

        return new JobRun(submission, claim.Incarnation, folder, saver, progress, time)
        {
            From = from,
            Checkpoint = found is null ? null : new(found.Path, found.Manifest.Size, found.Manifest.Sha256),
        };
    }

    // Claimed first: whoever wrote there before cannot publish anything newer any more.
    private static (CheckpointClaim Claim, FoundCheckpoint? Found) Claim(JobSubmission submission, string folder)
    {
        try
        {
            var claim = CheckpointClaim.Take(folder, DiskFiles.Instance, submission.Follows);
            return (
                claim,
                submission.Attempt is null ? null : CheckpointReader.ReadNewest(folder, DiskFiles.Instance));
        }
        catch (ClaimLostException lost)
        {
            throw new StaleIncarnationException($"The job has stopped here: {lost.Message}");
        }
        catch (IOException error)
        {
            throw new TrainerException(
                $"'{folder}' cannot be used for checkpoints: {error.Message.ReplaceLineEndings(" ")}");
        }
        catch (DataException error)
        {
            throw new TrainerException(error.Message);
        }
    }

    private static (bool IsWhole, IReadOnlyList<EpochReport> Reports) Prepare(
        RunFolder folder, int lines, JobSubmission submission)
    {
        try
        {
            bool isWhole = folder.CutBack(lines);
            if (!submission.IsPart)
            {
                SubmissionFile.Write(submission);
            }

            return (isWhole, folder.Read(submission.FoldPlans.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"The run folder cannot be written: {error.Message.ReplaceLineEndings(" ")}");
        }
        catch (ClaimLostException lost)
        {
            throw new StaleIncarnationException($"The job has stopped here: {lost.Message}");
        }
    }
}
