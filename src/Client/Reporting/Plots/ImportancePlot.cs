using System.Globalization;

using Trainer.Sweeps;
using Trainer.Sweeps.Importance;

namespace Trainer.Reporting.Plots;

/// <summary>Bars: how much of the metric's variance each parameter explains alone.</summary>
internal static class ImportancePlot
{
    private const double Top = 62;
    private const double Row = 34;
    private const double Length = 420;
    private const double Right = 84;
    private const double Bottom = 66;

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="found">Importance of each parameter, the most important first.</param>
    public static string Draw(string name, IReadOnlyList<ParameterImportance> found)
    {
        string title = $"Importance of parameters, {Labels.Shorten(name, 40)}";
        double left = 24 + (found.Max(one => Math.Min(one.Path.Length, 40)) * 7.4);
        double height = Row * found.Count;
        double width = Math.Max(Labels.TitleWidth(title), left + Length + Right);
        var drawing = new SvgDrawing(width, Top + height + Bottom, title);
        drawing.Text(24, 32, title, new TextStyle(Size: 17, Bold: true));
        double most = Math.Max(0.05, found.Max(one => one.Mean + one.Deviation));
        foreach ((double value, string text) in new AxisRange(0, most).Ticks(5))
        {
            double x = left + (value / most * Length);
            drawing.Line(x, Top, x, Top + height, Palette.Grid);
            drawing.Text(x, Top + height + 18, text, new TextStyle(Size: 12, Anchor: "middle"));
        }

        foreach ((int i, ParameterImportance one) in found.Index())
        {
            double y = Top + (Row * i);
            double end = left + (one.Mean / most * Length);
            drawing.Text(left - 10, y + 21, Labels.Shorten(one.Path, 40), new TextStyle(Anchor: "end"));
            drawing.Rectangle(left, y + 7, end - left, Row - 14, Palette.Blue);
            double low = left + (Math.Max(0, one.Mean - one.Deviation) / most * Length);
            double high = left + ((one.Mean + one.Deviation) / most * Length);
            drawing.Line(low, y + (Row / 2), high, y + (Row / 2), Palette.Ink, 1.4);
            drawing.Text(
                high + 8, y + 21, one.Mean.ToString("0.00", CultureInfo.InvariantCulture), new TextStyle(Size: 12));
        }

        drawing.Line(left, Top, left, Top + height, Palette.Faint);
        drawing.Text(
            24,
            Top + height + 46,
            $"share of variance: {SweepImportance.Method}",
            new TextStyle(Size: 12, Colour: Palette.Faint));
        return drawing.ToString();
    }
}
