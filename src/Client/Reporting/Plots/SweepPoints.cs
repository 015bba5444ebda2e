using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

namespace Trainer.Reporting.Plots;

/// <summary>The completed trials of a sweep as points of its space, the worst first.</summary>
/// <param name="Space">The space.</param>
/// <param name="Trials">Trials with a value.</param>
/// <param name="Values">Range of the metric that pictures show: what is far worse than most lies at its edge.</param>
internal sealed record SweepPoints(SearchSpace Space, IReadOnlyList<Trial> Trials, AxisRange Values)
{
    private const string Bad = "#c3d0d9";

    /// <summary>The points of a sweep.</summary>
    public static SweepPoints Of(SweepFolder sweep)
    {
        Trial[] trials =
        [
            .. sweep.Trials()
                .Where(trial => trial.State == TrialState.Completed && double.IsFinite(trial.Value))
                .OrderByDescending(trial => trial.Loss(sweep.File.Goal))
                .ThenByDescending(trial => trial.Number),
        ];
        return new SweepPoints(
            sweep.File.Space, trials, Range(trials.Select(trial => trial.Value), sweep.File.Goal));
    }

    /// <summary>A range from the best value to the worst one that is not far beyond the others.</summary>
    public static AxisRange Range(IEnumerable<double> values, Goal goal)
    {
        double sign = goal == Goal.Minimize ? 1 : -1;
        double[] losses = [.. values.Where(double.IsFinite).Select(value => sign * value).Order()];
        if (losses.Length == 0)
        {
            return new AxisRange(0, 1);
        }

        double best = losses[0];
        double most = losses[(losses.Length - 1) * 9 / 10];
        bool isFar = losses[^1] > most + (2 * (most - best)) && most > best;
        double worst = isFar ? most + ((most - best) * 0.5) : losses[^1];
        return AxisRange.Of([sign * best, sign * worst], margin: 0.05);
    }

    /// <summary>The colour of a trial by its rank: from pale for the worst to blue for the best.</summary>
    /// <param name="place">Place in <see cref="Trials"/>.</param>
    public string Colour(int place) => Palette.Mix(Bad, Palette.Blue, (place + 1.0) / Trials.Count);

    /// <summary>Place of a value in the range, from 0 to 1; what is outside lies at the edge.</summary>
    public double Unit(double value) => Math.Clamp((value - Values.Minimum) / Values.Length, 0, 1);

    /// <summary>
    /// Places of the unit interval with labels: all values of a small dimension, round ones of others.
    /// </summary>
    public static IReadOnlyList<(double Unit, string Text)> Ticks(Dimension dimension)
    {
        const int Few = 6;
        if (dimension.Kind == DimensionKind.Choice || dimension.Count <= Few)
        {
            return
            [
                .. Enumerable.Range(0, (int)dimension.Count)
                    .Select(i => dimension.Low + (i * dimension.Step))
                    .Select(value => (dimension.Encode(value), ParameterNames.Short(dimension.Format(value)))),
            ];
        }

        bool isLogarithmic = dimension.Kind is DimensionKind.LogUniform or DimensionKind.LogInt;
        double[] values = isLogarithmic ? Powers(dimension)
            : [.. new AxisRange(dimension.Low, dimension.High).Ticks(4).Select(tick => tick.Value)];
        if (values.Length < 2)
        {
            values = [dimension.Low, dimension.High];
        }

        return [.. values.Select(value => (dimension.Encode(value), ParameterNames.Number(value)))];
    }

    private static double[] Powers(Dimension dimension)
    {
        double factor = dimension.High / dimension.Low > 1e6 ? 100 : dimension.High / dimension.Low < 100 ? 2 : 10;
        double exponent = Math.Ceiling((Math.Log(dimension.Low) / Math.Log(factor)) - 1e-9);
        var values = new List<double>();
        for (double value = Math.Pow(factor, exponent); value <= dimension.High * (1 + 1e-9); value *= factor)
        {
            values.Add(value);
        }

        return [.. values];
    }
}
