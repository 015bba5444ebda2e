namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Synchronous successive halving in brackets: at each rung all trials of a bracket wait for the last one, then the
/// best 1/eta of them go on.
/// </summary>
public abstract class BracketScheduler : PausingScheduler
{
    private readonly Goal _goal;
    private readonly int _eta;

    private protected BracketScheduler(Goal goal, int maxEpochs, int minEpochs, int eta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minEpochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEpochs, minEpochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(eta, 2);
        _goal = goal;
        _eta = eta;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast)
    {
        ArgumentNullException.ThrowIfNull(trials);
        int last = trials.Count == 0 ? -1 : trials.Max(trial => trial.Number);
        var decisions = new List<TrialDecision>();
        for (int first = 0; first <= last;)
        {
            Bracket bracket = BracketOf(first);
            Decide(bracket, trials, isLast || last >= first + bracket.Size - 1, decisions);
            first = bracket.First + bracket.Size;
        }

        return decisions;
    }

    /// <inheritdoc/>
    private protected override bool IsRung(Trial trial) => BracketOf(trial.Number).Rungs.Contains(trial.Epochs);

    /// <summary>The bracket of a trial.</summary>
    private protected abstract Bracket BracketOf(int number);

    private void Decide(Bracket bracket, IReadOnlyList<Trial> trials, bool isFull, List<TrialDecision> decisions)
    {
        Trial[] members = [.. trials.Where(trial => bracket.Contains(trial.Number))];
        int keep = members.Length;
        foreach (int rung in bracket.Rungs)
        {
            if (!isFull || Array.Exists(members, trial => !trial.HasEnded && trial.Epochs < rung))
            {
                return;
            }

            keep = Math.Max(1, keep / _eta);
            Trial[] best = [.. members.RankedAt(rung, _goal).Take(keep)];
            decisions.AddRange(members
                .Where(trial => trial.State == TrialState.Paused && trial.Epochs == rung)
                .Select(trial => new TrialDecision(
                    trial.Number, best.Contains(trial) ? TrialAction.Continue : TrialAction.Stop)));
            members = best;
        }
    }
}
