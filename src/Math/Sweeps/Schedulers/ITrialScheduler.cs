namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Decides which trials are worth more epochs. A pure function of the table: it keeps nothing between two calls, so
/// that a sweep that was killed goes on from its table.
/// </summary>
public interface ITrialScheduler
{
    /// <summary>Decides on a trial that has just reported an epoch.</summary>
    /// <param name="trials">All trials so far; the last value of the trial's curve is the report.</param>
    /// <param name="number">The trial that reports; it is running.</param>
    /// <exception cref="ArgumentException">There is no such trial.</exception>
    TrialDecision OnReport(IReadOnlyList<Trial> trials, int number);

    /// <summary>Decides on paused trials. To be called after each report and each end of a trial.</summary>
    /// <param name="trials">All trials so far.</param>
    /// <param name="isLast">Whether no further trial will be started: nobody waits for trials that never come.</param>
    /// <returns>
    /// Decisions to apply in this order, or none: the paused ones wait on. A trial that takes weights stands before the
    /// trial that gives them.
    /// </returns>
    IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast);
}
