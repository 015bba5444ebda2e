using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Population based training: every few epochs the worst trials of a population take weights and parameters of the
/// best ones (exploit), and change the parameters a little (explore).
/// </summary>
/// <remarks>
/// Source: Jaderberg et al., "Population based training of neural networks", 2017, with truncation selection. All
/// trials of a population wait for each other, so that the outcome does not depend on who is faster.
/// </remarks>
public sealed class PopulationScheduler : PausingScheduler
{
    private readonly SearchSpace _space;
    private readonly Goal _goal;
    private readonly ulong _seed;
    private readonly int _maxEpochs;
    private readonly PopulationOptions _options;

    /// <summary>Population based training.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="seed">Of the choices and changes.</param>
    /// <param name="maxEpochs">Epochs of a trial; at the last one nothing is exchanged.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    /// <exception cref="SearchSpaceException">A mutable key is not in the space.</exception>
    public PopulationScheduler(
        SearchSpace space, Goal goal, ulong seed, int maxEpochs, PopulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEpochs, 1);
        _space = space;
        _goal = goal;
        _seed = seed;
        _maxEpochs = maxEpochs;
        _options = options ?? new PopulationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Population, 2, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Interval, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.Quantile, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.Quantile, 0.5, nameof(options));
        if (_options.Mutable?.FirstOrDefault(path => space.IndexOf(path) < 0) is { } unknown)
        {
            throw new SearchSpaceException($"'{unknown}' is to change during a trial, but is not in the search space.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var exploits = new List<TrialDecision>();
        var others = new List<TrialDecision>();
        int last = trials.Count == 0 ? -1 : trials.Max(trial => trial.Number);
        foreach (IGrouping<int, Trial> population in trials.GroupBy(trial => trial.Number / _options.Population))
        {
            bool isFull = isLast || last >= ((population.Key + 1) * _options.Population) - 1;
            foreach (int epoch in population.Where(trial => trial.State == TrialState.Paused)
                .Select(trial => trial.Epochs).Distinct())
            {
                if (isFull && population.All(trial => trial.HasEnded || trial.Epochs >= epoch))
                {
                    Exchange([.. population], epoch, exploits, others);
                }
            }
        }

        return [.. exploits, .. others];
    }

    /// <inheritdoc/>
    private protected override bool IsRung(Trial trial) =>
        trial.Epochs % _options.Interval == 0 && trial.Epochs < _maxEpochs;

    private void Exchange(Trial[] population, int epoch, List<TrialDecision> exploits, List<TrialDecision> others)
    {
        IReadOnlyList<Trial> ranked = population.RankedAt(epoch, _goal);
        // Trials that have ended, as before a sweep was interrupted, have no weights to give.
        Trial[] sources = [.. ranked.Where(trial => !trial.HasEnded)];
        int part = Math.Min(ranked.Count / 2, Math.Max(1, (int)(ranked.Count * _options.Quantile)));
        foreach ((int rank, Trial trial) in ranked.Index())
        {
            if (trial.State != TrialState.Paused || trial.Epochs != epoch)
            {
                continue;
            }

            Draws draws = new(_seed, RandomStream.TrialScheduler, trial.Number, epoch);
            Trial source = sources[draws.Below(Math.Clamp(part, 1, sources.Length))];
            bool isWorst = rank >= ranked.Count - part && source.LossAt(epoch, _goal) < trial.LossAt(epoch, _goal);
            if (isWorst)
            {
                exploits.Add(new(
                    trial.Number, TrialAction.Exploit, source.Number, Explore(source.Parameters, ref draws)));
            }
            else
            {
                others.Add(new(trial.Number, TrialAction.Continue));
            }
        }
    }

    private ParameterSet Explore(ParameterSet source, ref Draws draws)
    {
        double[] values = new double[source.Count];
        Array.Fill(values, double.NaN);
        foreach (int i in _space.Order)
        {
            Dimension dimension = _space.Dimensions[i];
            double chance = draws.Uniform();
            double place = draws.Uniform();
            if (!_space.IsActive(i, values))
            {
                continue;
            }

            bool isMutable = _options.Mutable?.Contains(dimension.Path) ?? true;
            values[i] = !source.IsActive(i) ? dimension.Decode(place)
                : !isMutable ? source[i]
                : chance < _options.Resample ? dimension.Decode(place)
                : dimension.Kind == DimensionKind.Choice ? source[i]
                : Move(dimension, source[i], place < 0.5 ? 1 - _options.Perturbation : 1 + _options.Perturbation);
        }

        return new ParameterSet(values);
    }

    // Whole numbers move by one step at least.
    private static double Move(Dimension dimension, double value, double factor)
    {
        double moved = Math.Clamp(value * factor, dimension.Low, dimension.High);
        if (!dimension.IsDiscrete)
        {
            return moved;
        }

        double steps = Math.Round((moved - value) / dimension.Step);
        double least = factor > 1 ? 1 : -1;
        return Math.Clamp(
            value + ((steps == 0 ? least : steps) * dimension.Step), dimension.Low, dimension.High);
    }
}
