using System.Text.Json;

using Trainer.Clusters;
using Trainer.Formats;
using Trainer.Grains;

namespace Trainer.Jobs;

/// <summary>
/// What a client handed in, kept beside the checkpoints: any silo can lead the job with it, without the client.
/// </summary>
public static class SubmissionFile
{
    /// <summary>Writes <c>checkpoints/submission.json</c>, whole.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(JobSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var content = new Content(
            submission.JobId,
            JobFile.ToJson(submission.Job),
            submission.DataPlan,
            [.. submission.FoldPlans],
            submission.RunFolder,
            submission.Baselines,
            submission.SiloProcesses,
            submission.TraceParent,
            submission.InitialWeights);
        AtomicFile.WriteAllText(
            RunFiles.Submission(submission.RunFolder), JsonSerializer.Serialize(content, JobStateFile.Json));
    }

    /// <summary>Reads it; null when it is gone or no such file.</summary>
    /// <param name="runFolder">The run folder.</param>
    public static JobSubmission? TryRead(string runFolder)
    {
        string path = RunFiles.Submission(runFolder);
        try
        {
            Content content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), JobStateFile.Json)!;
            return new JobSubmission(
                content.Id,
                JobFile.Parse(content.Job, path),
                content.DataPlan,
                content.Folder,
                content.Baselines,
                content.Silos,
                content.TraceParent,
                content.InitialWeights)
            {
                FoldPlans = [.. content.FoldPlans],
            };
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException
            or Errors.ConfigurationException)
        {
            return null;
        }
    }

    private sealed record Content(
        string Id,
        string Job,
        string DataPlan,
        IReadOnlyList<string> FoldPlans,
        string Folder,
        string Baselines,
        int Silos,
        string? TraceParent,
        RegisteredFile? InitialWeights);
}
