namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// What schedulers share that hold trials at certain epochs, the rungs, until enough others are there.
/// </summary>
public abstract class PausingScheduler : ITrialScheduler
{
    private protected PausingScheduler()
    {
    }

    /// <inheritdoc/>
    public TrialDecision OnReport(IReadOnlyList<Trial> trials, int number)
    {
        Trial trial = trials.Numbered(number);
        if (!IsRung(trial))
        {
            return new TrialDecision(number, TrialAction.Continue);
        }

        // As if it were paused: perhaps its fate is known at once.
        Trial[] held = [.. trials.Select(
            other => other.Number == number ? other with { State = TrialState.Paused } : other)];
        return Wake(held, isLast: false).FirstOrDefault(decision => decision.Number == number)
            ?? new TrialDecision(number, TrialAction.Pause);
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast);

    /// <summary>Whether a trial is to be held after the epochs that it has.</summary>
    private protected abstract bool IsRung(Trial trial);

    /// <summary>The epochs first, first * eta, first * eta^2, ... as long as the next one is not beyond last.</summary>
    private protected static int[] Rungs(int first, int eta, int last)
    {
        var rungs = new List<int>();
        for (long epoch = first; epoch * eta <= last; epoch *= eta)
        {
            rungs.Add((int)epoch);
        }

        return [.. rungs];
    }
}
