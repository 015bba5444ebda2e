namespace Trainer.Sweeps.Schedulers;

/// <summary>Look-ups in lists of trials.</summary>
internal static class TrialLists
{
    /// <summary>The trial with a number.</summary>
    public static Trial Numbered(this IReadOnlyList<Trial> trials, int number)
    {
        ArgumentNullException.ThrowIfNull(trials);

        // Most tables hold trial n at place n.
        if (number >= 0 && number < trials.Count && trials[number].Number == number)
        {
            return trials[number];
        }

        return trials.FirstOrDefault(trial => trial.Number == number)
            ?? throw new ArgumentException(
                $"There is no trial {number} among the {trials.Count} given.", nameof(number));
    }

    /// <summary>The trials that came to an epoch, best first; those that lead nowhere are left out.</summary>
    public static IReadOnlyList<Trial> RankedAt(this IEnumerable<Trial> trials, int epoch, Goal goal) =>
    [
        .. trials.Where(trial => trial.Epochs >= epoch && trial.State is not (TrialState.Diverged or TrialState.Failed))
            .OrderBy(trial => trial.LossAt(epoch, goal)).ThenBy(trial => trial.Number),
    ];
}
