using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

namespace Trainer.Reporting.Plots;

/// <summary>
/// Parallel coordinates: a line a trial through an axis a parameter to its value, better ones darker.
/// </summary>
internal static class ParallelPlot
{
    private const double Left = 70;
    private const double Top = 96;
    private const double Height = 340;
    private const double Bottom = 76;
    private const double Gap = 138;
    private const double Right = 96;

    // Where lines go whose trial has no such parameter: below the axis.
    private const double Absent = Top + Height + 28;

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="points">Its trials.</param>
    public static string Draw(string name, string metric, SweepPoints points)
    {
        IReadOnlyList<Dimension> dimensions = points.Space.Dimensions;
        string title = $"Trials of {Labels.Shorten(name, 48)}";
        double width = Math.Max(Labels.TitleWidth(title), Left + (Gap * dimensions.Count) + Right);
        var drawing = new SvgDrawing(width, Top + Height + Bottom, title);
        drawing.Text(Left - 40, 34, title, new TextStyle(Size: 17, Bold: true));
        Trial? best = points.Trials.Count > 0 ? points.Trials[^1] : null;
        foreach ((int place, Trial trial) in points.Trials.Index())
        {
            bool isBest = trial == best;
            string colour = isBest ? Palette.Vermillion : points.Colour(place);
            drawing.Polyline(Line(trial, points), colour, isBest ? 2.6 : 1.3);
        }

        string[] paths = [.. dimensions.Select(dimension => dimension.Path)];
        var faint = new TextStyle(Size: 11, Anchor: "middle", Colour: Palette.Faint);
        foreach ((int i, Dimension dimension) in dimensions.Index())
        {
            Axis(drawing, X(i), ParameterNames.Short(dimension.Path, paths), SweepPoints.Ticks(dimension), i);
            if (points.Trials.Any(trial => !trial.Parameters.IsActive(i)))
            {
                drawing.Text(X(i), Absent + 18, "none", faint);
            }
        }

        Axis(
            drawing,
            X(dimensions.Count),
            metric,
            [.. points.Values.Ticks(6).Select(tick => (points.Unit(tick.Value), tick.Label))],
            dimensions.Count);
        Legend(drawing, best);
        return drawing.ToString();
    }

    private static void Legend(SvgDrawing drawing, Trial? best)
    {
        double y = Top + Height + Bottom - 16;
        drawing.Line(Left - 40, y - 4, Left - 16, y - 4, Palette.Vermillion, 2.6);
        drawing.Text(Left - 10, y, $"best: trial {best?.Number}; the darker, the better", new TextStyle(Size: 12));
    }

    private static double X(int axis) => Left + (Gap * axis);

    private static double Y(double unit) => Top + (Height * (1 - unit));

    private static IEnumerable<(double X, double Y)> Line(Trial trial, SweepPoints points)
    {
        for (int i = 0; i < points.Space.Dimensions.Count; i++)
        {
            yield return (X(i), trial.Parameters.IsActive(i)
                ? Y(points.Space.Dimensions[i].Encode(trial.Parameters[i]))
                : Absent);
        }

        yield return (
            X(points.Space.Dimensions.Count),
            Y(points.Unit(trial.Value)));
    }

    // Names stand at two heights, so that long ones do not meet.
    private static void Axis(
        SvgDrawing drawing, double x, string name, IReadOnlyList<(double Unit, string Text)> ticks, int index)
    {
        drawing.Line(x, Top, x, Top + Height, Palette.Ink, 1.2);
        var style = new TextStyle(Size: 13, Anchor: "middle", Bold: true);
        drawing.Text(x, Top - (index % 2 == 0 ? 14 : 32), Labels.Shorten(name, 26), style);
        foreach ((double unit, string text) in ticks)
        {
            string label = Labels.Shorten(text, 14);
            drawing.Line(x, Y(unit), x + 5, Y(unit), Palette.Ink);
            double length = 5 + (label.Length * 6.3);
            drawing.Rectangle(x + 7, Y(unit) - 7, length, 14, "#ffffff");
            drawing.Text(x + 9, Y(unit) + 4, label, new TextStyle(Size: 11, Colour: Palette.Faint));
        }
    }
}
