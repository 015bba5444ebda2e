namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Hyperband: brackets of successive halving from "many trials, first rung early" to "few trials, none stopped", in
/// turn.
/// </summary>
/// <remarks>
/// Source: Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization", 2018. After the last
/// bracket the first one comes again.
/// </remarks>
public sealed class HyperbandScheduler : BracketScheduler
{
    private readonly Bracket[] _brackets;
    private readonly int _trials;

    /// <summary>Hyperband.</summary>
    /// <param name="goal">Which values are better.</param>
    /// <param name="maxEpochs">Epochs of a trial that survives.</param>
    /// <param name="minEpochs">Epochs before the first rung of the boldest bracket; default 1.</param>
    /// <param name="eta">1/eta of the trials survive a rung; default 3.</param>
    public HyperbandScheduler(Goal goal, int maxEpochs, int minEpochs = 1, int eta = 3)
        : base(goal, maxEpochs, minEpochs, eta)
    {
        int steps = 0;
        for (long epochs = (long)minEpochs * eta; epochs <= maxEpochs; epochs *= eta)
        {
            steps++;
        }

        var brackets = new List<Bracket>();
        for (int s = steps; s >= 0; s--)
        {
            long factor = 1;
            for (int i = 0; i < s; i++)
            {
                factor *= eta;
            }

            int size = (int)((((steps + 1) * factor) + s) / (s + 1));
            brackets.Add(new Bracket(_trials, size, s == 0 ? [] : Rungs((int)(maxEpochs / factor), eta, maxEpochs)));
            _trials += size;
        }

        _brackets = [.. brackets];
    }

    /// <summary>Trials of one round through all brackets; a sweep should have a multiple of it.</summary>
    public int TrialsPerRound => _trials;

    /// <inheritdoc/>
    private protected override Bracket BracketOf(int number)
    {
        int round = number / _trials * _trials;
        Bracket bracket = _brackets.First(candidate => candidate.Contains(number - round));
        return bracket with { First = bracket.First + round };
    }
}
