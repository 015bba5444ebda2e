using System.Globalization;

using Trainer.Models;

namespace Trainer.Reporting.Plots;

/// <summary>The outputs of hidden units for rows of data: a column a unit, a line a row, sorted by target.</summary>
/// <param name="Name">Name of the run and of its data.</param>
/// <param name="Classes">Names of the classes; empty of a regression.</param>
/// <param name="Targets">Target or class of each row.</param>
/// <param name="Predictions">Of each row; of several outputs the first decides the order.</param>
/// <param name="Activation">Activation of the hidden layers.</param>
internal sealed record UnitRowPlot(
    string Name,
    IReadOnlyList<string> Classes,
    IReadOnlyList<float> Targets,
    IReadOnlyList<float> Predictions,
    Activation Activation)
{
    private const int MostUnits = 32;
    private const int MostRows = 150;
    private const double Left = 150;
    private const double Top = 140;
    private const double Height = 420;
    private const double Cell = 19;
    private const double Gap = 26;

    // Room for the lines above.
    private const double Narrowest = 620;

    /// <summary>Draws it.</summary>
    /// <param name="layers">Outputs of each hidden layer, shape [rows, units].</param>
    public string Draw(IReadOnlyList<float[]> layers)
    {
        int[] rows = Sorted();
        int[] units = [.. layers.Select(layer => layer.Length / Targets.Count)];
        int[] shown = [.. units.Select(count => Math.Min(count, MostUnits))];
        bool binary = Classes.Count == 2 && Predictions.Count == Targets.Count;
        double width = Left + shown.Sum(count => (count * Cell) + Gap) + (binary ? Cell + Gap + 30 : 0) + 10;
        string title = $"Hidden units of {Labels.Shorten(Name, 48)}";
        var drawing = new SvgDrawing(
            new[] { width, Labels.TitleWidth(title), Narrowest }.Max(), Top + Height + 46, title);
        Head(drawing, title, binary);
        Band(drawing, rows);
        double left = Left;
        for (int layer = 0; layer < layers.Count; layer++)
        {
            string first = units[layer] > shown[layer] ? $", the first {shown[layer]}" : "";
            Middle(drawing, left + (shown[layer] * Cell / 2), Top - 12, $"hidden {layer + 1}{first}", bold: true);
            Layer(drawing, left, rows, layers[layer], units[layer], shown[layer]);
            left += (shown[layer] * Cell) + Gap;
        }

        if (binary)
        {
            Middle(drawing, left + (Cell / 2), Top - 12, "p", bold: true);
            var map = new HeatMap([left, left + Cell], HeatMap.Edges(Top, Height, rows.Length));
            map.Draw(drawing, (_, row) => HeatMap.Shade(Palette.Ink, Predictions[rows[row]]));
            drawing.Frame(left, Top, Cell, Height, Palette.Faint);
        }

        return drawing.ToString();
    }

    // By class (or target), then by prediction; of many rows evenly spread ones.
    private int[] Sorted()
    {
        int outputs = Predictions.Count / Targets.Count;
        int[] all =
        [
            .. Enumerable.Range(0, Targets.Count)
                .OrderBy(row => Targets[row])
                .ThenBy(row => Predictions[row * outputs]),
        ];
        int count = Math.Min(all.Length, MostRows);
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Length / count)])];
    }

    private void Head(SvgDrawing drawing, string title, bool binary)
    {
        var faint = new TextStyle(Colour: Palette.Faint);
        drawing.Text(20, 34, title, new TextStyle(Size: 17, Bold: true));
        string order = Classes.Count > 0 ? "class, then by prediction" : "target";
        string activation = Activation.ToString().ToLowerInvariant();
        drawing.Text(20, 58, $"{activation} of each unit (a column) for each row of data, by {order}", faint);
        drawing.Text(20, 78, "blue: above 0, orange: below; the deepest colour is the unit's largest output", faint);
        if (binary)
        {
            string positive = Labels.Shorten(Classes[1], 24);
            drawing.Text(20, 98, $"p: predicted probability of '{positive}', black: 1", faint);
        }
    }

    // Which rows are of which class.
    private void Band(SvgDrawing drawing, int[] rows)
    {
        double[] edges = HeatMap.Edges(Top, Height, rows.Length);
        for (int start = 0, end; Classes.Count > 0 && start < rows.Length; start = end)
        {
            int of = (int)Targets[rows[start]];
            for (end = start + 1; end < rows.Length && (int)Targets[rows[end]] == of;)
            {
                end++;
            }

            string colour = BoundaryPlot.ColourOf(of);
            drawing.Rectangle(Left - 16, edges[start], 8, edges[end] - edges[start], colour);
            var name = new TextStyle(Anchor: "end");
            drawing.Text(Left - 24, ((edges[start] + edges[end]) / 2) + 4.5, Labels.Shorten(Classes[of], 14), name);
        }
    }

    private static void Layer(SvgDrawing drawing, double left, int[] rows, float[] layer, int units, int shown)
    {
        double[] largest =
            [.. Enumerable.Range(0, shown).Select(unit => rows.Max(row => Math.Abs(layer[(row * units) + unit])))];
        var map = new HeatMap(
            HeatMap.Edges(left, shown * Cell, shown), HeatMap.Edges(Top, Height, rows.Length));
        map.Draw(drawing, (unit, row) => HeatMap.Signed(layer[(rows[row] * units) + unit], largest[unit]));
        drawing.Frame(left, Top, shown * Cell, Height, Palette.Faint);
        for (int unit = 0; unit < shown; unit++)
        {
            string number = (unit + 1).ToString(CultureInfo.InvariantCulture);
            Middle(drawing, left + ((unit + 0.5) * Cell), Top + Height + 18, number, bold: false);
        }
    }

    private static void Middle(SvgDrawing drawing, double x, double y, string text, bool bold) =>
        drawing.Text(x, y, text, new TextStyle(bold ? 13 : 11, "middle", bold ? Palette.Ink : Palette.Faint, bold));
}
