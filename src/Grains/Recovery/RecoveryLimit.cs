namespace Trainer.Recovery;

/// <summary>
/// How often a job may begin again without getting further: a job that always fails at the same place must not try for
/// ever, and one that only loses silos must not give up.
/// </summary>
internal sealed class RecoveryLimit
{
    /// <summary>Most failures in a row without a step that is new.</summary>
    public const int Most = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private long _furthest = -1;
    private int _failures;

    /// <summary>The job has failed once more.</summary>
    /// <param name="step">The step that it had got to, since the start of the job.</param>
    /// <returns>How long to wait before it begins again; null: it must not.</returns>
    public TimeSpan? Next(long step)
    {
        _failures = step > _furthest ? 1 : _failures + 1;
        _furthest = Math.Max(_furthest, step);

        // At once the first time: a silo was lost, and the others are ready.
        return _failures > Most ? null
            : _failures == 1 ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 0.1 * (1 << _failures)));
    }
}
