using System.Collections.Immutable;

using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>
/// What watchers of a job see: its state, with every report and message under a growing sequence number.
/// </summary>
/// <remarks>Not safe for threads: lives on its grain's scheduler.</remarks>
internal sealed class ProgressLog(int epochs, long steps, TimeProvider time)
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(2);

    private readonly List<(long Sequence, EpochReport Report)> _reports = [];
    private readonly List<(long Sequence, string Message)> _messages = [];
    private TaskCompletionSource _changed = NewChange();
    private long _sequence = 1;
    private long _stepsBefore;

    /// <summary>State of the job.</summary>
    public JobState State { get; private set; } = JobState.Starting;

    /// <summary>Epochs completed.</summary>
    public int Epoch { get; private set; }

    /// <summary>Steps completed since the start of the job, in all its trainings.</summary>
    public long Step { get; private set; }

    /// <summary>One line for the user once the job has failed or diverged.</summary>
    public string? Error { get; private set; }

    /// <summary>Content of summary.json once the job has ended.</summary>
    public string? Summary { get; private set; }

    /// <summary>Steps have begun.</summary>
    public void Running()
    {
        State = JobState.Running;
        Change();
    }

    /// <summary>Steps have been completed.</summary>
    /// <param name="step">Steps since the start of this training.</param>
    public void Stepped(long step)
    {
        Step = _stepsBefore + step;
        Change();
    }

    /// <summary>A training of a cross-validation has ended; the steps of the next one count on.</summary>
    public void Trained() => _stepsBefore = Step;

    /// <summary>An epoch has ended.</summary>
    public void Report(EpochReport report)
    {
        Epoch = report.Epoch;
        _reports.Add((_sequence + 1, report));
        Change();
    }

    /// <summary>Tells the user something, one line; a warning begins with "warning: ".</summary>
    public void Tell(string message)
    {
        _messages.Add((_sequence + 1, message));
        Change();
    }

    /// <summary>The job has ended.</summary>
    public void End(JobState state, string? error, string summary)
    {
        (State, Error, Summary) = (state, error, summary);
        Change();
    }

    /// <summary>Waits for something newer than a sequence number, or two seconds.</summary>
    public async Task<JobProgress> WatchAsync(long afterSequence)
    {
        if (_sequence <= afterSequence)
        {
            await Task.WhenAny(_changed.Task, Task.Delay(LongestWatch, time));
        }

        ImmutableArray<EpochReport> reports =
            [.. _reports.Where(r => r.Sequence > afterSequence).Select(r => r.Report)];
        ImmutableArray<string> messages = [.. _messages.Where(m => m.Sequence > afterSequence).Select(m => m.Message)];
        return new JobProgress(_sequence, State, Epoch, epochs, Step, steps, reports, messages, Error, Summary);
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change()
    {
        _sequence++;
        TaskCompletionSource changed = _changed;
        _changed = NewChange();
        changed.SetResult();
    }
}
