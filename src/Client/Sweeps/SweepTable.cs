using Trainer.Grains;

namespace Trainer.Sweeps;

/// <summary>The trials of a sweep as the client knows them, and who is best.</summary>
/// <param name="goal">Which values are better.</param>
internal sealed class SweepTable(Goal goal)
{
    private static readonly TrialState[] Order =
    [
        TrialState.Completed, TrialState.Pruned, TrialState.Diverged, TrialState.Failed, TrialState.Paused,
        TrialState.Running,
    ];

    private readonly SortedDictionary<int, TrialRow> _trials = [];

    /// <summary>A table with trials.</summary>
    public SweepTable(Goal goal, IEnumerable<TrialRow> trials)
        : this(goal)
    {
        foreach (TrialRow trial in trials)
        {
            Put(trial);
        }
    }

    /// <summary>Which values are better.</summary>
    public Goal Goal => goal;

    /// <summary>All trials by number.</summary>
    public IReadOnlyCollection<TrialRow> Trials => _trials.Values;

    /// <summary>Trials that have ended.</summary>
    public int Ended => _trials.Values.Count(HasEnded);

    /// <summary>The completed trial with the best value, the first one of equals; null while there is none.</summary>
    public TrialRow? Best => _trials.Values.Where(IsRanked).MinBy(Loss);

    /// <summary>Whether a trial has ended.</summary>
    public static bool HasEnded(TrialRow trial) => trial.State is not (TrialState.Running or TrialState.Paused);

    /// <summary>Whether a trial counts for the best.</summary>
    public static bool IsRanked(TrialRow trial) =>
        trial.State == TrialState.Completed && double.IsFinite(trial.Value);

    /// <summary>Takes a trial, or its newer state.</summary>
    public void Put(TrialRow trial) => _trials[trial.Number] = trial;

    /// <summary>The trial of a number; null: none.</summary>
    public TrialRow? Find(int number) => _trials.GetValueOrDefault(number);

    /// <summary>Trials in a state.</summary>
    public int Count(TrialState state) => _trials.Values.Count(trial => trial.State == state);

    /// <summary>
    /// Best first: completed trials, pruned ones, diverged and failed ones, then those that run, by value each.
    /// </summary>
    public IReadOnlyList<TrialRow> Ranked() =>
    [
        .. _trials.Values
            .OrderBy(trial => Array.IndexOf(Order, trial.State))
            .ThenBy(Loss)
            .ThenBy(trial => trial.Number),
    ];

    /// <summary>The value as a loss: smaller is better, what is no number is worst.</summary>
    public double Loss(TrialRow trial) =>
        !double.IsFinite(trial.Value) ? double.PositiveInfinity : goal == Goal.Minimize ? trial.Value : -trial.Value;
}
