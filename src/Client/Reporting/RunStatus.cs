using Trainer.Clusters;

namespace Trainer.Reporting;

/// <summary>A run in the list of runs.</summary>
/// <param name="Entry">Its entry in the index.</param>
/// <param name="State">State of the job, or <see cref="Lost"/>, or <see cref="Missing"/>.</param>
/// <param name="Epochs">Epochs completed; null when unknown.</param>
/// <param name="Summary">How it ended; null before.</param>
internal sealed record RunStatus(RunEntry Entry, string State, int? Epochs, SummaryFile? Summary)
{
    /// <summary>It left no summary, and the silo that led it is gone.</summary>
    public const string Lost = JobStateFile.Lost;

    /// <summary>The step that a resume goes on after; null: it runs, is done, or has no checkpoint.</summary>
    public long? ResumesAfter => State is Lost or "failed" or "cancelled" or "paused"
        ? ResumeHint.StepOf(Entry.Folder)
        : null;

    /// <summary>Its folder is gone.</summary>
    public const string Missing = "missing";

    // From the claim of an id to the first state file: silos start, rows are loaded.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>Finds out what became of a run, from files alone.</summary>
    /// <param name="entry">The run.</param>
    /// <param name="home">This user's home.</param>
    /// <param name="now">The time.</param>
    public static RunStatus Of(RunEntry entry, TrainerHome home, DateTimeOffset now)
    {
        if (!Directory.Exists(entry.Folder))
        {
            return new RunStatus(entry, Missing, Epochs: null, Summary: null);
        }

        string summaryPath = RunReference.Of(entry).SummaryPath;
        if (SummaryFile.TryRead(summaryPath) is { } summary)
        {
            return new RunStatus(entry, summary.Status, summary.Epochs, summary);
        }

        if (entry.Cluster is { } cluster
            && new ClusterFolder(home, cluster).ReadJob(entry.Id) is { } job)
        {
            // The summary is written before the state file says that the job has ended.
            return job.IsUnfinished || SummaryFile.TryRead(summaryPath) is not { } late
                ? new RunStatus(entry, job.State, job.Epoch, Summary: null)
                : new RunStatus(entry, late.Status, late.Epochs, late);
        }

        string state = now - entry.Started < LongestStart ? "starting" : Lost;
        return new RunStatus(entry, state, Epochs: null, Summary: null);
    }
}
