using Trainer.Checkpoints;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Reporting;

/// <summary>What a user can do with a run that has stopped before its end.</summary>
internal static class ResumeHint
{
    /// <summary>The step that a resume begins at, by the names of the checkpoints; null: there are none.</summary>
    /// <param name="folder">The run folder.</param>
    public static long? StepOf(string folder)
    {
        try
        {
            return CheckpointReader.List(RunFiles.Checkpoints(folder), DiskFiles.Instance) is [var newest, ..]
                ? newest.Step
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>How to resume a run, without a full stop.</summary>
    public static string Of(RunReference run) => StepOf(run.Folder) is { } step
        ? $"'trainer resume {run.Id}' goes on after step {Figures.Count(step)}"
        : $"'trainer resume {run.Id}' begins again, for no checkpoint was written yet";

    /// <summary>What to tell of a run that did not complete; nothing of one that did.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="isByUser">Whether this command was asked to stop it.</param>
    public static IEnumerable<string> Lines(RunReference run, RunOutcome outcome, bool isByUser)
    {
        if (outcome.Error is { } error)
        {
            yield return $"trainer: {error}";
        }

        if (outcome.State == JobState.Failed)
        {
            yield return $"trainer: {Of(run)}.";
        }
        else if (outcome.State is JobState.Cancelled or JobState.Paused)
        {
            string by = isByUser ? outcome.Status : $"{outcome.Status} by a user";
            yield return $"trainer: {by}; {Of(run)}.";
        }
    }
}
