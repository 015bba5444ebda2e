using System.Collections.Immutable;

using Trainer.Checkpoints;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>
/// What watchers of a job see: its state, with every report and message under a growing sequence number.
/// </summary>
/// <remarks>
/// Not safe for threads: lives on its grain's scheduler. The sequence numbers of a log begin with the time, so that
/// they are higher than those of the same job before: who has followed it on another silo hears all that is new.
/// </remarks>
internal sealed class ProgressLog(int epochs, long steps, TimeProvider time)
{
    private readonly List<(long Sequence, EpochReport Report)> _reports = [];
    private readonly List<(long Sequence, string Message)> _messages = [];
    private readonly ChangeSignal _signal = new(time, time.GetUtcNow().Ticks);
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

    /// <summary>Why the last checkpoint could not be written; null: it could.</summary>
    public string? CheckpointError { get; private set; }

    /// <summary>Lines of <c>metrics.jsonl</c> that watchers can hear of.</summary>
    public int Lines => _reports is [.., var last] ? last.Report.Line : 0;

    /// <summary>The job goes on from a checkpoint, or begins again.</summary>
    /// <param name="position">Where it stands; null: before its first step.</param>
    public void Resumed(TrainingPosition? position)
    {
        (Step, Epoch, _stepsBefore) = position is null
            ? (0, 0, 0)
            : (position.TotalSteps, position.Epoch, position.TotalSteps - position.Steps);
        _signal.Change();
    }

    /// <summary>A checkpoint was written.</summary>
    /// <param name="step">Steps since the start of the job.</param>
    public void CheckpointWritten(long step)
    {
        if (CheckpointError is not null)
        {
            CheckpointError = null;
            Tell($"checkpoints are written again: step {step}");
        }
    }

    /// <summary>A checkpoint could not be written; told once, until one can again.</summary>
    /// <param name="step">Steps since the start of the job.</param>
    /// <param name="reason">Why, one sentence.</param>
    public void CheckpointFailed(long step, string reason)
    {
        bool isNew = CheckpointError is null;
        CheckpointError = $"the checkpoint of step {step} could not be written: {reason}";
        if (isNew)
        {
            Tell($"warning: {CheckpointError} The job goes on and tries again.");
        }
    }

    /// <summary>Steps have begun.</summary>
    public void Running()
    {
        State = JobState.Running;
        _signal.Change();
    }

    /// <summary>Steps have been completed.</summary>
    /// <param name="step">Steps since the start of this training.</param>
    public void Stepped(long step)
    {
        Step = _stepsBefore + step;
        _signal.Change();
    }

    /// <summary>A training of a cross-validation has ended; the steps of the next one count on.</summary>
    public void Trained() => _stepsBefore = Step;

    /// <summary>An epoch has ended. One that is trained again was told already, with the same bits.</summary>
    public void Report(EpochReport report)
    {
        Epoch = report.Epoch;
        if (report.Line > Lines)
        {
            _reports.Add((_signal.Next, report));
        }

        _signal.Change();
    }

    /// <summary>Wakes all who wait.</summary>
    public void Wake() => _signal.Change();

    /// <summary>Tells the user something, one line; a warning begins with "warning: ".</summary>
    public void Tell(string message)
    {
        _messages.Add((_signal.Next, message));
        _signal.Change();
    }

    /// <summary>The job has ended.</summary>
    public void End(JobState state, string? error, string summary)
    {
        (State, Error, Summary) = (state, error, summary);
        _signal.Change();
    }

    /// <summary>Waits for something newer than a sequence number, or two seconds.</summary>
    /// <param name="afterSequence">The number last seen; one of another log counts as none.</param>
    public async Task<JobProgress> WatchAsync(long afterSequence)
    {
        afterSequence = afterSequence > _signal.Sequence ? 0 : afterSequence;
        await _signal.WaitAsync(afterSequence);
        ImmutableArray<EpochReport> reports =
            [.. _reports.Where(r => r.Sequence > afterSequence).Select(r => r.Report)];
        ImmutableArray<string> messages = [.. _messages.Where(m => m.Sequence > afterSequence).Select(m => m.Message)];
        return new JobProgress(_signal.Sequence, State, Epoch, epochs, Step, steps, reports, messages, Error, Summary);
    }
}
