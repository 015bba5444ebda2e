using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// Bayesian optimisation: a Gaussian process over the trials, and the point of largest expected improvement.
/// </summary>
/// <remarks>
/// Source: Jones, Schonlau and Welch, "Efficient global optimization of expensive black-box functions", 1998; Snoek,
/// Larochelle and Adams, "Practical Bayesian optimization of machine learning algorithms", 2012, for the kernel.
/// Running trials are believed to end as predicted. Pruned trials count with their last value, diverged ones with the
/// worst value; failed ones are left out. Values much worse than the median are cut, as they would flatten the rest.
/// </remarks>
public sealed class GaussianProcessSampler : Sampler
{
    private const int LocalTrials = 5;
    private const int LocalDraws = 40;
    private const int ClimbStarts = 3;
    private const int ClimbRounds = 6;
    private const int ClimbDraws = 12;
    private const double WorstCut = 3;

    private readonly Goal _goal;
    private readonly GaussianProcessOptions _options;
    private readonly Metric _metric;

    /// <summary>A process over a space.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    public GaussianProcessSampler(SearchSpace space, Goal goal, ulong seed, GaussianProcessOptions? options = null)
        : base(space, seed)
    {
        _goal = goal;
        _options = options ?? new GaussianProcessOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Candidates, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MostTrials, 4, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.FitEvaluations, 1, nameof(options));
        _metric = new Metric(Space);
    }

    /// <inheritdoc/>
    private protected override ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt)
    {
        Draws draws = DrawsOf(number, attempt);
        RankedTrials ranked = RankedTrials.Of(history, number, Space, _goal, includesRunning: false);
        if (ranked.EndedCount < _options.StartupTrials)
        {
            return DrawUniform(ref draws);
        }

        IReadOnlyList<Trial> trials = Kept(ranked);
        if (Targets(trials) is not { } targets)
        {
            return DrawUniform(ref draws);
        }

        double[][] points = [.. trials.Select(trial => _metric.Encode(trial.Parameters))];
        double[][] running = [.. history
            .Where(trial => trial.Number != number && !trial.HasEnded && Space.Contains(trial.Parameters))
            .Select(trial => _metric.Encode(trial.Parameters))];
        GaussianProcess process =
            GaussianProcess.Fit(_metric, points, targets, _options.FitEvaluations).Believe(running);
        var improvement = new ExpectedImprovement(process, _metric, points, history);
        return Maximize(improvement, ranked, ref draws) ?? DrawUniform(ref draws);
    }

    private IReadOnlyList<Trial> Kept(RankedTrials ranked)
    {
        int best = Math.Min(ranked.EndedCount, _options.MostTrials / 2);
        return [.. ranked.Best(best), .. ranked.AllBut(best).TakeLast(_options.MostTrials - best)];
    }

    // Mean 0, variance 1; null when no value is a number.
    private double[]? Targets(IReadOnlyList<Trial> trials)
    {
        double[] losses = [.. trials.Select(
            trial => trial.State == TrialState.Diverged ? double.PositiveInfinity : trial.Loss(_goal))];
        double[] sorted = [.. losses.Where(double.IsFinite).Order()];
        if (sorted.Length == 0)
        {
            return null;
        }

        double median = sorted[sorted.Length / 2];
        double worst = Math.Min(sorted[^1], median + (WorstCut * (median - sorted[0])));
        double[] targets = [.. losses.Select(loss => double.IsFinite(loss) ? Math.Min(loss, worst) : worst)];
        double mean = targets.Average();
        double deviation = Math.Sqrt(targets.Average(target => (target - mean) * (target - mean)));
        return [.. targets.Select(target => (target - mean) / (deviation > 0 ? deviation : 1))];
    }

    private ParameterSet? Maximize(ExpectedImprovement improvement, RankedTrials ranked, ref Draws draws)
    {
        var scored = new List<(ParameterSet Point, double Score)>();
        for (int k = 0; k < _options.Candidates; k++)
        {
            improvement.Add(DrawUniform(ref draws), scored);
        }

        foreach (Trial trial in ranked.Best(LocalTrials))
        {
            for (int k = 0; k < LocalDraws; k++)
            {
                improvement.Add(Near(trial.Parameters, Width(k % 3), ref draws), scored);
            }
        }

        foreach ((ParameterSet Point, double Score) start in Top(scored, ClimbStarts))
        {
            (ParameterSet Point, double Score) top = start;
            for (int round = 0; round < ClimbRounds; round++)
            {
                var near = new List<(ParameterSet Point, double Score)>();
                for (int k = 0; k < ClimbDraws; k++)
                {
                    improvement.Add(Near(top.Point, Width(round / 2), ref draws), near);
                }

                top = near.Append(top).MaxBy(pair => pair.Score);
            }

            scored.Add(top);
        }

        return scored.Count == 0 ? null : scored.MaxBy(pair => pair.Score).Point;
    }

    private static (ParameterSet Point, double Score)[] Top(
        List<(ParameterSet Point, double Score)> scored, int count) =>
        [.. scored.OrderByDescending(pair => pair.Score).Take(count)];

    private static double Width(int level) => level switch { 0 => 0.1, 1 => 0.03, _ => 0.01 };

    // Moves each number with probability 1/2 by a normal step, draws a choice anew with probability 1/4.
    private ParameterSet Near(ParameterSet centre, double width, ref Draws draws)
    {
        double[] unit = new double[Space.Dimensions.Count];
        Space.Encode(centre, unit);
        for (int d = 0; d < unit.Length; d++)
        {
            Dimension dimension = Space.Dimensions[d];
            double move = draws.Uniform();
            if (dimension.Kind == DimensionKind.Choice || !centre.IsActive(d))
            {
                unit[d] = move < 0.25 ? draws.Uniform() : unit[d];
            }
            else if (move < 0.5)
            {
                double cell = dimension.IsDiscrete ? 1.0 / dimension.Count : 0;
                unit[d] = Math.Clamp(unit[d] + (Math.Max(width, cell) * draws.Normal()), 0, 1);
            }
        }

        return Space.Decode(unit);
    }

    /// <summary>log E[max(best - f, 0)]; the best is the smallest predicted mean of a trial.</summary>
    private sealed class ExpectedImprovement
    {
        private readonly GaussianProcess _process;
        private readonly Metric _metric;
        private readonly double _best;
        private readonly HashSet<ParameterSet> _taken;

        public ExpectedImprovement(
            GaussianProcess process, Metric metric, double[][] points, IReadOnlyList<Trial> history)
        {
            _process = process;
            _metric = metric;
            _best = points.Min(point => process.Predict(point).Mean);
            _taken = [.. history.Select(trial => trial.Parameters)];
        }

        public void Add(ParameterSet point, List<(ParameterSet Point, double Score)> scored)
        {
            if (!_taken.Contains(point))
            {
                (double mean, double deviation) = _process.Predict(_metric.Encode(point));
                double z = (_best - mean) / deviation;
                scored.Add((point, Elementary.Log(deviation) + LogExpectation(z)));
            }
        }

        // log(density(z) + z cumulative(z)); far below 0 both terms cancel to density(z) / z^2.
        private static double LogExpectation(double z)
        {
            const double LogRootOfTwoPi = 0.91893853320467274178;
            return z > -25
                ? Elementary.Log(Math.Max(
                    NormalDistribution.Density(z) + (z * NormalDistribution.Cumulative(z)), double.Epsilon))
                : (-0.5 * z * z) - LogRootOfTwoPi - (2 * Elementary.Log(-z));
        }
    }
}
