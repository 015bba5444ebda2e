using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// Covariance matrix adaptation: a normal distribution that follows the better half of each generation.
/// </summary>
/// <remarks>
/// Source: Hansen, "The CMA evolution strategy: a tutorial", 2016; restarts with a larger population: Auger and
/// Hansen, "A restart CMA evolution strategy with increasing population size", 2005. Points outside the bounds are
/// drawn again. Whole numbers are rounded, and their deviation is kept at a third of a step at least, as in Hansen,
/// "A CMA-ES for mixed-integer nonlinear optimization", 2011. Choices have no order and are drawn as the Parzen
/// estimator does. A generation is the next so many ended trials in the order of their numbers; pruned trials rank
/// behind completed ones, then diverged ones; failed ones are left out. A number that was not active moves nothing.
/// </remarks>
public sealed class CmaEsSampler : Sampler
{
    private const int BoundAttempts = 100;
    private const double SmallestStep = 1.0 / 3;

    private readonly ulong _seed;
    private readonly Goal _goal;
    private readonly CmaEsOptions _options;
    private readonly TpeOptions _choices = new();
    private readonly int[] _numbers;

    /// <summary>An evolution strategy over a space.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    public CmaEsSampler(SearchSpace space, Goal goal, ulong seed, CmaEsOptions? options = null)
        : base(space, seed)
    {
        _seed = seed;
        _goal = goal;
        _options = options ?? new CmaEsOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Population ?? 4, 4, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.Sigma, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.RestartFactor, 1, nameof(options));
        _numbers = [.. Space.Dimensions.Index()
            .Where(item => item.Item.Kind != DimensionKind.Choice).Select(item => item.Index)];
    }

    /// <inheritdoc/>
    private protected override ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt)
    {
        Draws draws = DrawsOf(number, attempt);
        RankedTrials ranked = RankedTrials.Of(history, number, Space, _goal, includesRunning: false);
        double[] unit = new double[Space.Dimensions.Count];
        if (_numbers.Length > 0)
        {
            DrawNumbers(Replay(ranked), ref draws, unit);
        }

        bool hasModel = ranked.EndedCount >= _choices.StartupTrials;
        (IReadOnlyList<Trial> good, IReadOnlyList<Trial> bad) = DensityRatio.Split(ranked, _choices);
        double[] values = new double[unit.Length];
        Array.Fill(values, double.NaN);
        foreach (int i in Space.Order)
        {
            if (!Space.IsActive(i, values))
            {
                continue;
            }

            if (Space.Dimensions[i].Kind == DimensionKind.Choice && hasModel)
            {
                DensityRatio.Fill(Space, [i], good, bad, _choices, ref draws, values);
            }
            else
            {
                bool isChoice = Space.Dimensions[i].Kind == DimensionKind.Choice;
                values[i] = Space.Dimensions[i].Decode(isChoice ? draws.Uniform() : unit[i]);
            }
        }

        return new ParameterSet(values);
    }

    // The distribution after all full generations: nothing is kept between proposals.
    private CmaEsState Replay(RankedTrials ranked)
    {
        int dimensions = _numbers.Length;
        int population = _options.Population ?? 4 + (int)(3 * Elementary.Log(dimensions));
        double[] centre = new double[dimensions];
        Array.Fill(centre, 0.5);
        var state = new CmaEsState(centre, _options.Sigma, population);
        int restarts = 0;
        int done = 0;
        for (; done + state.Population <= ranked.EndedCount; done += population)
        {
            population = state.Population;
            state.Update([.. ranked.Generation(done, population).Select(Point)]);
            if (state.HasConverged)
            {
                Draws draws = new(_seed, RandomStream.Sampler, -1 - ++restarts);
                foreach (ref double coordinate in (centre = new double[dimensions]).AsSpan())
                {
                    coordinate = draws.Uniform();
                }

                state = new CmaEsState(centre, _options.Sigma, state.Population * _options.RestartFactor);
            }
        }

        return state;
    }

    private double[] Point(Trial trial) =>
    [
        .. _numbers.Select(i =>
            trial.Parameters.IsActive(i) ? Space.Dimensions[i].Encode(trial.Parameters[i]) : double.NaN),
    ];

    private void DrawNumbers(CmaEsState state, ref Draws draws, double[] unit)
    {
        double[] z = new double[_numbers.Length];
        double[] point = new double[_numbers.Length];
        for (int attempt = 0; attempt < BoundAttempts; attempt++)
        {
            foreach (ref double normal in z.AsSpan())
            {
                normal = draws.Normal();
            }

            state.Transform(z, point);
            for (int k = 0; k < point.Length; k++)
            {
                Dimension dimension = Space.Dimensions[_numbers[k]];
                double smallest = dimension.IsDiscrete ? SmallestStep / dimension.Count : 0;
                double missing = (smallest * smallest) - (state.Deviation(k) * state.Deviation(k));
                point[k] += missing > 0 ? Math.Sqrt(missing) * draws.Normal() : 0;
            }

            if (Array.TrueForAll(point, coordinate => coordinate is >= 0 and <= 1))
            {
                break;
            }
        }

        for (int k = 0; k < point.Length; k++)
        {
            unit[_numbers[k]] = point[k];
        }
    }
}
