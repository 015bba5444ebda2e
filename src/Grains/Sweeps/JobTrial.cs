using System.Security.Cryptography;
using System.Text.Json;

using Trainer.Data;
using Trainer.Datasets;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>A trial that is spread over several workers: each of its repeats is a job of its own.</summary>
/// <param name="grains">Makes grain references.</param>
/// <param name="submission">The sweep.</param>
/// <param name="part">Part of the metric.</param>
/// <param name="metric">Name of the metric in its part.</param>
internal sealed class JobTrial(IGrainFactory grains, SweepSubmission submission, DataPart part, string metric)
{
    /// <summary>Runs a repeat to its end.</summary>
    /// <param name="number">The trial.</param>
    /// <param name="repeat">Its repeat.</param>
    /// <param name="plan">The job.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <returns>The metric after each epoch, NaN where it was not measured, and at the end.</returns>
    /// <exception cref="DivergedException">A value was NaN or infinite.</exception>
    /// <exception cref="TrainerException">The job failed.</exception>
    public async Task<(IReadOnlyList<double> Curve, double Value)> RunAsync(
        int number, int repeat, JobPlan plan, TrialData data, CancellationToken cancellationToken)
    {
        // A job's id is used once: after a cancelled sweep the trial runs again as another job.
        string id = $"{submission.SweepId}.{number}.{repeat}.{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
        string folder = Path.Combine(submission.Folder, "trials", $"{number}.{repeat}");

        // What an interrupted run of this trial left there is of no use: the trial starts again.
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        ITrainingJobGrain job = grains.GetGrain<ITrainingJobGrain>(id);
        await job.StartAsync(new JobSubmission(
            id,
            WithoutCheckpoints(plan.Job),
            data.Plan.ToJson(),
            folder,
            "{}",
            submission.SiloProcesses,
            submission.TraceParent)
        {
            IsPart = true,
        });
        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => _ = job.CancelAsync());
        JobProgress progress = await job.WatchAsync(0);
        while (progress.Summary is null)
        {
            progress = await job.WatchAsync(progress.Sequence);
        }

        progress = await job.WatchAsync(0);
        cancellationToken.ThrowIfCancellationRequested();
        return progress.State switch
        {
            JobState.Completed => ([.. progress.Reports.Select(InReport)], InSummary(progress.Summary!)),
            JobState.Diverged => throw new DivergedException(progress.Error!),
            _ => throw new TrainerException(progress.Error ?? $"The job '{id}' was cancelled."),
        };
    }

    // A trial that was interrupted starts again.
    private static JobSpec WithoutCheckpoints(JobSpec job) =>
        job with { Checkpoint = job.Checkpoint with { EverySeconds = null, EverySteps = null } };

    private double InReport(EpochReport report) => part == DataPart.Validation
        ? report.Validation.FirstOrDefault(value => value.Name == metric)?.Value ?? double.NaN
        : double.NaN;

    private double InSummary(string summary)
    {
        using var document = JsonDocument.Parse(summary);
        return document.RootElement.TryGetProperty(part.ToString().ToLowerInvariant(), out JsonElement metrics)
            && metrics.ValueKind == JsonValueKind.Object
            && metrics.TryGetProperty(metric, out JsonElement value)
                ? value.GetDouble()
                : double.NaN;
    }
}
