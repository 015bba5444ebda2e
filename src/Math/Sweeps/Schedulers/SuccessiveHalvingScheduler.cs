namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Successive halving: of n trials the best 1/eta go on at each rung, so that each rung costs about the same.
/// </summary>
/// <remarks>
/// Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016.
/// </remarks>
public sealed class SuccessiveHalvingScheduler : BracketScheduler
{
    private readonly int _population;
    private readonly int[] _rungs;

    /// <summary>Successive halving.</summary>
    /// <param name="goal">Which values are better.</param>
    /// <param name="maxEpochs">Epochs of a trial that survives.</param>
    /// <param name="minEpochs">Epochs before the first rung; default 1.</param>
    /// <param name="eta">1/eta of the trials survive a rung; default 3.</param>
    /// <param name="population">Trials that compete; null: as many as leave one survivor.</param>
    public SuccessiveHalvingScheduler(
        Goal goal, int maxEpochs, int minEpochs = 1, int eta = 3, int? population = null)
        : base(goal, maxEpochs, minEpochs, eta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population ?? 1, 1, nameof(population));
        _rungs = Rungs(minEpochs, eta, maxEpochs);
        long survivors = 1;
        for (int i = 0; i < _rungs.Length && survivors < int.MaxValue / eta; i++)
        {
            survivors *= eta;
        }

        _population = population ?? (int)survivors;
    }

    /// <inheritdoc/>
    private protected override Bracket BracketOf(int number) =>
        new(number / _population * _population, _population, _rungs);
}
