using System.Text.Json;

using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>How a run ended.</summary>
/// <param name="State">An end state.</param>
/// <param name="Error">One line when it failed or diverged.</param>
/// <param name="Summary">Its summary; null where it could not be written.</param>
internal sealed record RunOutcome(JobState State, string? Error, SummaryFile? Summary)
{
    /// <summary>The state as in the summary.</summary>
    public string Status => NameOf(State);

    /// <summary>What a command that followed the run returns.</summary>
    public int ExitCode => State switch
    {
        JobState.Completed => Trainer.ExitCode.Done,
        JobState.Diverged => Trainer.ExitCode.Diverged,
        JobState.Cancelled or JobState.Paused => Trainer.ExitCode.Cancelled,
        _ => Trainer.ExitCode.Failed,
    };

    /// <summary>The outcome that a summary tells; one that says nothing known counts as failed.</summary>
    public static RunOutcome Of(SummaryFile summary)
    {
        JobState state = Enum.GetValues<JobState>()
            .Where(state => state >= JobState.Completed)
            .FirstOrDefault(state => NameOf(state) == summary.Status, JobState.Failed);
        return new RunOutcome(state, summary.Error, summary);
    }

    /// <summary>snake_case name of a state.</summary>
    public static string NameOf(JobState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
