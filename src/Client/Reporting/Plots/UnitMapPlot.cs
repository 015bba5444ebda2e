using System.Globalization;

using Trainer.Models;

namespace Trainer.Reporting.Plots;

/// <summary>The outputs of hidden units over two features: a small map a unit.</summary>
/// <param name="Name">Name of the run.</param>
/// <param name="Features">Names of the two features.</param>
/// <param name="X">Values of the first feature.</param>
/// <param name="Y">Values of the second feature.</param>
/// <param name="Activation">Activation of the hidden layers.</param>
internal sealed record UnitMapPlot(
    string Name, IReadOnlyList<string> Features, AxisRange X, AxisRange Y, Activation Activation)
{
    /// <summary>Points of the grid along an axis.</summary>
    public const int GridSize = 31;

    /// <summary>Most units of a layer that are shown.</summary>
    public const int MostUnits = 32;

    private const int Columns = 8;

    // Whole pixels a cell.
    private const double Tile = 93;
    private const double Gap = 12;
    private const double TileText = 18;
    private const double LayerText = 34;
    private const double Left = 20;
    private const double Top = 92;

    /// <summary>The grid on which the units are asked, row by row from the lowest second feature.</summary>
    public IEnumerable<double[]> Grid() => Enumerable.Range(0, GridSize * GridSize)
        .Select(i => new[] { At(X, i % GridSize), At(Y, i / GridSize) });

    /// <summary>Draws it.</summary>
    /// <param name="layers">Outputs of each hidden layer, shape [grid, units].</param>
    public string Draw(IReadOnlyList<float[]> layers)
    {
        int[] shown = [.. layers.Select(layer => Math.Min(MostUnits, layer.Length / (GridSize * GridSize)))];
        double height = Top + shown.Sum(units => LayerText + (Rows(units) * (Tile + TileText))) + 10;
        string title = $"Hidden units of {Labels.Shorten(Name, 48)}";
        double width = (2 * Left) + (Columns * (Tile + Gap)) - Gap;
        var drawing = new SvgDrawing(width, height, title);
        drawing.Text(Left, 34, title, new TextStyle(Size: 17, Bold: true));
        var faint = new TextStyle(Colour: Palette.Faint);
        string features = $"right: {Labels.Shorten(Features[0], 24)}; up: {Labels.Shorten(Features[1], 24)}";
        string activation = Activation.ToString().ToLowerInvariant();
        drawing.Text(Left, 58, $"{activation} of each unit; {features}", faint);
        drawing.Text(Left, 78, "blue: above 0, orange: below; the deepest colour is the unit's largest output", faint);
        double top = Top;
        for (int layer = 0; layer < layers.Count; layer++)
        {
            int units = layers[layer].Length / (GridSize * GridSize);
            string first = units > shown[layer] ? $", the first {shown[layer]}" : "";
            string head = $"hidden {layer + 1}: {Figures.Count(units, "unit")}{first}";
            drawing.Text(Left, top + 22, head, new TextStyle(Bold: true));
            top += LayerText;
            for (int unit = 0; unit < shown[layer]; unit++)
            {
                double x = Left + (unit % Columns * (Tile + Gap));
                Map(drawing, x, top + (unit / Columns * (Tile + TileText)), layers[layer], unit, units);
            }

            top += Rows(shown[layer]) * (Tile + TileText);
        }

        return drawing.ToString();
    }

    private static void Map(SvgDrawing drawing, double left, double top, float[] layer, int unit, int units)
    {
        float Value(int column, int row) => layer[(((row * GridSize) + column) * units) + unit];
        IEnumerable<float> values = Enumerable.Range(0, GridSize * GridSize).Select(i => layer[(i * units) + unit]);
        (float lowest, float highest) = (values.Min(), values.Max());
        double largest = Math.Max(Math.Abs(lowest), Math.Abs(highest));
        var map = new HeatMap(
            HeatMap.Edges(left, Tile, GridSize), [.. HeatMap.Edges(top, Tile, GridSize).Reverse()]);
        map.Draw(drawing, (column, row) => HeatMap.Signed(Value(column, row), largest));
        drawing.Frame(left, top, Tile, Tile, Palette.Faint);
        string range = string.Create(CultureInfo.InvariantCulture, $"{lowest:0.##} to {highest:0.##}");
        drawing.Text(left, top + Tile + 13, range, new TextStyle(11, Colour: Palette.Faint));
    }

    private static int Rows(int units) => (units + Columns - 1) / Columns;

    private static double At(AxisRange range, int index) => range.Minimum + (range.Length * index / (GridSize - 1));
}
