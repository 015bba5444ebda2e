using System.Globalization;

using Trainer.Sweeps;

namespace Trainer.Reporting.Plots;

/// <summary>The metric by depth and width: a cell each with mean, best and number of trials.</summary>
internal static class DepthPlot
{
    private const double Left = 96;
    private const double Top = 84;
    private const double CellWidth = 118;
    private const double CellHeight = 66;
    private const double Bottom = 56;
    private const string Bad = "#f2f5f7";
    private const string Good = "#6fb1dc";

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="table">The cells.</param>
    /// <param name="goal">Which values are better.</param>
    public static string Draw(string name, string metric, DepthTable table, Goal goal)
    {
        string title = $"{metric} by depth and width, {Labels.Shorten(name, 40)}";
        double width = Math.Max(Labels.TitleWidth(title), Left + (table.Widths.Count * CellWidth) + 24);
        double height = table.Layers.Count * CellHeight;
        var drawing = new SvgDrawing(width, Top + height + Bottom, title);
        drawing.Text(24, 32, title, new TextStyle(Size: 17, Bold: true));
        AxisRange range = AxisRange.Of(table.Cells.Select(cell => cell.Mean));
        var centre = new TextStyle(Anchor: "middle");
        foreach ((int column, string label) in table.Widths.Index())
        {
            drawing.Text(Left + ((column + 0.5) * CellWidth), Top - 12, label, centre);
        }

        foreach ((int row, int layers) in table.Layers.Index())
        {
            double y = Top + (row * CellHeight);
            string label = layers.ToString(CultureInfo.InvariantCulture);
            drawing.Text(Left - 14, y + (CellHeight / 2) + 5, label, centre with { Anchor = "end" });
            foreach ((int column, string widthLabel) in table.Widths.Index())
            {
                double x = Left + (column * CellWidth);
                if (table.Find(layers, widthLabel) is { } cell)
                {
                    Cell(drawing, cell, (x, y), range, goal);
                }

                drawing.Frame(x, y, CellWidth, CellHeight, Palette.Grid);
            }
        }

        double middle = Left + (table.Widths.Count * CellWidth / 2);
        drawing.Text(middle, Top + height + 34, "width of the widest layer", centre);
        drawing.Text(34, Top + (height / 2), "hidden layers", centre with { Turn = -90 });
        return drawing.ToString();
    }

    private static void Cell(
        SvgDrawing drawing, DepthCell cell, (double X, double Y) corner, AxisRange range, Goal goal)
    {
        (double x, double y) = corner;
        double share = (cell.Mean - range.Minimum) / range.Length;
        drawing.Rectangle(
            x, y, CellWidth, CellHeight, Palette.Mix(Bad, Good, goal == Goal.Maximize ? share : 1 - share));
        double middle = x + (CellWidth / 2);
        drawing.Text(middle, y + 24, Figures.Metric(cell.Mean), new TextStyle(Size: 14, Anchor: "middle", Bold: true));
        var small = new TextStyle(Size: 11, Anchor: "middle");
        drawing.Text(middle, y + 42, $"best {Figures.Metric(cell.Best)}", small);
        drawing.Text(middle, y + 57, Figures.Count(cell.Trials, "trial"), small with { Colour = Palette.Faint });
    }
}
