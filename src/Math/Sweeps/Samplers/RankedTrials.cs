using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>The trials that a model learns from, best first.</summary>
internal sealed class RankedTrials
{
    private readonly Trial[] _ranked;

    private RankedTrials(Trial[] ranked, int endedCount)
    {
        _ranked = ranked;
        EndedCount = endedCount;
    }

    /// <summary>Trials with a result; running ones stand behind them.</summary>
    public int EndedCount { get; }

    /// <summary>Ranks the trials of a history.</summary>
    public static RankedTrials Of(
        IReadOnlyList<Trial> history, int number, SearchSpace space, Goal goal, bool includesRunning)
    {
        Trial[] usable = [.. history.Where(trial =>
            trial.Number != number && trial.State != TrialState.Failed
            && (trial.HasEnded || includesRunning) && space.Contains(trial.Parameters))];
        Trial[] ranked = [.. usable.OrderBy(Class)
            .ThenBy(trial => trial.State == TrialState.Pruned ? -trial.Epochs : 0)
            .ThenBy(trial => trial.HasEnded ? trial.Loss(goal) : 0)
            .ThenBy(trial => trial.Number)];
        return new RankedTrials(ranked, usable.Count(trial => trial.HasEnded));
    }

    /// <summary>The best ones, in the order of their numbers.</summary>
    public IReadOnlyList<Trial> Best(int count) => [.. _ranked.Take(count).OrderBy(trial => trial.Number)];

    /// <summary>All others, in the order of their numbers.</summary>
    public IReadOnlyList<Trial> AllBut(int count) => [.. _ranked.Skip(count).OrderBy(trial => trial.Number)];

    /// <summary>Some ended trials, counted in the order of their numbers, best first.</summary>
    public IReadOnlyList<Trial> Generation(int first, int count)
    {
        int[] numbers = [.. _ranked.Take(EndedCount).Select(trial => trial.Number).Order().Skip(first).Take(count)];
        return [.. _ranked.Where(trial => trial.HasEnded && Array.BinarySearch(numbers, trial.Number) >= 0)];
    }

    private static int Class(Trial trial) => trial.State switch
    {
        TrialState.Completed => 0,
        TrialState.Pruned => 1,
        TrialState.Diverged => 2,
        _ => 3,
    };
}
