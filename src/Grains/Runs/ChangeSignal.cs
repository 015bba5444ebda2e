namespace Trainer.Runs;

/// <summary>A growing sequence number that others can wait on.</summary>
/// <remarks>Not safe for threads: lives on its grain's scheduler.</remarks>
/// <param name="time">The clock.</param>
/// <param name="first">The first number.</param>
internal sealed class ChangeSignal(TimeProvider time, long first = 1)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private TaskCompletionSource _changed = New();

    /// <summary>Number of the last change.</summary>
    public long Sequence { get; private set; } = first;

    /// <summary>The number that the next change will have.</summary>
    public long Next => Sequence + 1;

    /// <summary>Something has changed.</summary>
    public void Change()
    {
        Sequence++;
        TaskCompletionSource changed = _changed;
        _changed = New();
        changed.SetResult();
    }

    /// <summary>Waits for a change after a number, or two seconds.</summary>
    /// <param name="afterSequence">The number last seen.</param>
    public Task WaitAsync(long afterSequence) => Sequence > afterSequence
        ? Task.CompletedTask
        : Task.WhenAny(_changed.Task, Task.Delay(LongestWait, time));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
