using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

namespace Trainer.Reporting.Plots;

/// <summary>The metric against each parameter, a panel each.</summary>
internal static class SlicePlot
{
    private const int MostColumns = 3;
    private const double Left = 84;
    private const double Top = 62;
    private const double Width = 220;
    private const double Height = 190;
    private const double GapX = 36;
    private const double GapY = 66;

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="points">Its trials.</param>
    public static string Draw(string name, string metric, SweepPoints points)
    {
        IReadOnlyList<Dimension> dimensions = points.Space.Dimensions;
        int columns = Math.Min(MostColumns, dimensions.Count);
        int rows = (dimensions.Count + columns - 1) / columns;
        string title = $"{metric} by parameter, {Labels.Shorten(name, 48)}";
        double width = Math.Max(Labels.TitleWidth(title), Left + (columns * (Width + GapX)));
        var drawing = new SvgDrawing(width, Top + (rows * (Height + GapY)), title);
        drawing.Text(Left - 50, 30, title, new TextStyle(Size: 17, Bold: true));
        string[] paths = [.. dimensions.Select(dimension => dimension.Path)];
        foreach ((int i, Dimension dimension) in dimensions.Index())
        {
            double x = Left + (i % columns * (Width + GapX));
            double y = Top + (i / columns * (Height + GapY));
            Axes(drawing, points.Values, dimension, (x, y), isFirst: i % columns == 0);
            string label = ParameterNames.Short(dimension.Path, paths);
            drawing.Text(x + (Width / 2), y + Height + 40, Labels.Shorten(label, 32), new TextStyle(Anchor: "middle"));
            foreach ((int place, Trial trial) in points.Trials.Index().Where(item => item.Item.Parameters.IsActive(i)))
            {
                bool isBest = trial == points.Trials[^1];
                drawing.Circle(
                    x + (dimension.Encode(trial.Parameters[i]) * Width),
                    y + (Height * (1 - points.Unit(trial.Value))),
                    isBest ? 5 : 3.5,
                    isBest ? Palette.Vermillion : points.Colour(place),
                    "#ffffff");
            }
        }

        return drawing.ToString();
    }

    private static void Axes(
        SvgDrawing drawing, AxisRange values, Dimension dimension, (double X, double Y) corner, bool isFirst)
    {
        (double x, double y) = corner;
        foreach ((double value, string text) in values.Ticks(5))
        {
            double at = y + (Height * (1 - ((value - values.Minimum) / values.Length)));
            drawing.Line(x, at, x + Width, at, Palette.Grid);
            if (isFirst)
            {
                drawing.Text(x - 8, at + 4, text, new TextStyle(Size: 11, Anchor: "end"));
            }
        }

        IReadOnlyList<(double Unit, string Text)> ticks = SweepPoints.Ticks(dimension);
        int longest = Math.Max(3, (int)(Width / ticks.Count / 6.5));
        foreach ((double unit, string text) in ticks)
        {
            double at = x + (unit * Width);
            drawing.Line(at, y + Height, at, y + Height + 4, Palette.Faint);
            drawing.Text(
                at, y + Height + 18, Labels.Shorten(text, longest), new TextStyle(Size: 11, Anchor: "middle"));
        }

        drawing.Frame(x, y, Width, Height, Palette.Faint);
    }
}
