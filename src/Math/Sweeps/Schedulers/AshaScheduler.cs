namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Asynchronous successive halving: a trial goes on from a rung as soon as it is among the best 1/eta of those that
/// have reached the rung; nobody waits for a full bracket.
/// </summary>
/// <remarks>
/// Source: Li et al., "A system for massively parallel hyperparameter tuning", 2020. Trials that are not promoted are
/// paused and may be promoted later. With <c>isPausing: false</c> they are stopped at once: needs no kept weights,
/// and stops some that would have come through. When no trial is left to run, the best paused one goes on if none has
/// completed.
/// </remarks>
public sealed class AshaScheduler : PausingScheduler
{
    private readonly Goal _goal;
    private readonly int _eta;
    private readonly bool _isPausing;
    private readonly int[] _rungs;

    /// <summary>Asynchronous successive halving.</summary>
    /// <param name="goal">Which values are better.</param>
    /// <param name="maxEpochs">Epochs of a trial that survives.</param>
    /// <param name="minEpochs">Epochs before the first rung; default 1.</param>
    /// <param name="eta">1/eta of the trials survive a rung; default 3.</param>
    /// <param name="isPausing">Pause instead of stop; default true.</param>
    public AshaScheduler(Goal goal, int maxEpochs, int minEpochs = 1, int eta = 3, bool isPausing = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minEpochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEpochs, minEpochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(eta, 2);
        _goal = goal;
        _eta = eta;
        _isPausing = isPausing;
        _rungs = Rungs(minEpochs, eta, maxEpochs);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var decisions = new List<TrialDecision>();
        foreach (int rung in _rungs)
        {
            IReadOnlyList<Trial> ranked = trials.RankedAt(rung, _goal);
            int promoted = _isPausing ? ranked.Count / _eta : Math.Max(1, ranked.Count / _eta);
            foreach ((int rank, Trial trial) in ranked.Index())
            {
                if (trial.State == TrialState.Paused && trial.Epochs == rung && (rank < promoted || !_isPausing))
                {
                    decisions.Add(new(trial.Number, rank < promoted ? TrialAction.Continue : TrialAction.Stop));
                }
            }
        }

        return decisions.Count > 0 || !isLast || trials.Any(trial => trial.State == TrialState.Running)
            ? decisions
            : Finish(trials);
    }

    /// <inheritdoc/>
    private protected override bool IsRung(Trial trial) => _rungs.Contains(trial.Epochs);

    private TrialDecision[] Finish(IReadOnlyList<Trial> trials)
    {
        Trial[] paused = [.. trials.Where(trial => trial.State == TrialState.Paused)];
        if (paused.Length > 0 && !trials.Any(trial => trial.State == TrialState.Completed))
        {
            int furthest = paused.Max(trial => trial.Epochs);
            return [new(paused.RankedAt(furthest, _goal)[0].Number, TrialAction.Continue)];
        }

        return [.. paused.Select(trial => new TrialDecision(trial.Number, TrialAction.Stop))];
    }
}
