using Trainer.Grains;
using Trainer.Sweeps;

namespace Trainer.Reporting.Plots;

/// <summary>The value of each trial and the best one so far.</summary>
internal static class HistoryPlot
{
    private const string Best = "#009e73";
    private const string Pruned = "#b5b5b5";

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="table">Its trials; at least one has completed.</param>
    public static string Draw(string name, string metric, SweepTable table)
    {
        TrialRow[] ended = [.. table.Trials.Where(SweepTable.HasEnded)];
        TrialRow[] valued = [.. ended.Where(trial => double.IsFinite(trial.Value))];
        AxisRange values = SweepPoints.Range(valued.Select(trial => trial.Value), table.Goal);
        var chart = new Chart(
            $"History of {Labels.Shorten(name, 48)}",
            AxisRange.Of(table.Trials.Select(trial => (double)trial.Number), margin: 0.02),
            values);
        chart.Axes("trial", metric, wholeX: true);
        foreach (TrialRow trial in valued)
        {
            (int shape, string colour) = Look(trial.State);
            double shown = Math.Clamp(trial.Value, values.Minimum, values.Maximum);
            if (shown == trial.Value)
            {
                chart.Marker(trial.Number, shown, shape, colour);
            }
            else
            {
                chart.Marker(trial.Number, shown, shape, "#ffffff", colour);
            }
        }

        double bad = table.Goal == Goal.Minimize ? values.Maximum : values.Minimum;
        foreach (TrialRow trial in ended.Where(trial => !double.IsFinite(trial.Value)))
        {
            (int shape, string colour) = Look(trial.State);
            chart.Marker(trial.Number, bad, shape, colour);
        }

        chart.Line(Running(table), Best, width: 2.4);
        chart.LegendLine("best so far", Best);
        foreach (TrialState state in ended.Select(trial => trial.State).Distinct().Order())
        {
            (int shape, string colour) = Look(state);
            chart.LegendMarker(Jobs.TrialTable.NameOf(state), shape, colour);
        }

        if (valued.Any(trial => trial.Value < values.Minimum || trial.Value > values.Maximum))
        {
            chart.LegendMarker("worse than shown", 0, "#ffffff", Palette.Blue);
        }

        return chart.Drawing.ToString();
    }

    private static (int Shape, string Colour) Look(TrialState state) => state switch
    {
        TrialState.Completed => (0, Palette.Blue),
        TrialState.Pruned => (1, Pruned),
        TrialState.Diverged => (2, Palette.Vermillion),
        _ => (3, Palette.Ink),
    };

    // Steps: the best value holds until a better one comes.
    private static IEnumerable<(double X, double Y)> Running(SweepTable table)
    {
        TrialRow? best = null;
        foreach (TrialRow trial in table.Trials)
        {
            if (SweepTable.IsRanked(trial) && (best is null || table.Loss(trial) < table.Loss(best)))
            {
                if (best is not null)
                {
                    yield return (trial.Number, best.Value);
                }

                best = trial;
                yield return (trial.Number, trial.Value);
            }
        }

        if (best is not null)
        {
            yield return (table.Trials.Max(trial => trial.Number), best.Value);
        }
    }
}
