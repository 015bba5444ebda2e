namespace Trainer.Reporting.Plots;

/// <summary>Where a model of two features decides for which class, with rows of data as points.</summary>
/// <param name="Name">Name of the run and of its data.</param>
/// <param name="Features">Names of the two features.</param>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Points">The rows: both features as they stand in the file, and the class.</param>
internal sealed record BoundaryPlot(
    string Name,
    IReadOnlyList<string> Features,
    IReadOnlyList<string> Classes,
    IReadOnlyList<(double X, double Y, int Class)> Points)
{
    /// <summary>Points of the grid along an axis, 5 pixels apart.</summary>
    public const int GridSize = 89;

    // Of a sure prediction; the points on it are darker.
    private const double Strongest = 0.5;
    private const int MostPoints = 3000;

    /// <summary>Values of the horizontal axis.</summary>
    public AxisRange X { get; } = AxisRange.Of(Points.Select(point => point.X), margin: 0.08);

    /// <summary>Values of the vertical axis.</summary>
    public AxisRange Y { get; } = AxisRange.Of(Points.Select(point => point.Y), margin: 0.08);

    /// <summary>The grid on which the model is asked, row by row from the lowest second feature.</summary>
    public IEnumerable<(double X, double Y)> Grid() =>
        Enumerable.Range(0, GridSize * GridSize).Select(i => (At(X, i % GridSize), At(Y, i / GridSize)));

    /// <summary>The colour of a class; of two the positive one is blue.</summary>
    public static string ColourOf(int index) => index switch
    {
        0 => Palette.Vermillion,
        1 => Palette.Blue,
        _ => Palette.Of(index),
    };

    /// <summary>Draws it.</summary>
    /// <param name="probabilities">
    /// Of each grid point: the probability of the second class, of two; else one of each class.
    /// </param>
    /// <param name="threshold">Of the second class, of two.</param>
    public string Draw(IReadOnlyList<float> probabilities, double threshold)
    {
        var chart = new Chart($"Decision boundary of {Labels.Shorten(Name, 38)}", X, Y, width: 440, height: 440);
        bool binary = probabilities.Count == GridSize * GridSize;

        // A cell is around its grid point; those at the edge are cut in half.
        IEnumerable<double> edges = Enumerable.Range(0, GridSize + 1).Select(i => Math.Clamp(i - 0.5, 0, GridSize - 1));
        var map = new HeatMap([.. edges.Select(i => chart.X(At(X, i)))], [.. edges.Select(i => chart.Y(At(Y, i)))]);
        map.Draw(chart.Drawing, (column, row) => binary
            ? BinaryColour(probabilities[(row * GridSize) + column])
            : ClassColour(probabilities, (row * GridSize) + column));
        if (binary)
        {
            Contour(chart, probabilities, threshold);
        }

        chart.Axes(Labels.Shorten(Features[0], 40), Labels.Shorten(Features[1], 40), grid: false);
        int every = Math.Max(1, (Points.Count + MostPoints - 1) / MostPoints);
        foreach ((_, (double x, double y, int of)) in Points.Index().Where(point => point.Index % every == 0))
        {
            chart.Marker(x, y, of, ColourOf(of));
        }

        foreach ((int index, string name) in Classes.Index())
        {
            chart.LegendMarker(name, index, ColourOf(index));
        }

        if (binary)
        {
            chart.LegendLine($"p = {Figures.Exact(Math.Round(threshold, 3))}", Palette.Ink);
        }

        return chart.Drawing.ToString();
    }

    private static double At(AxisRange range, double index) =>
        range.Minimum + (range.Length * index / (GridSize - 1));

    private static string BinaryColour(double probability)
    {
        double side = (2 * probability) - 1;
        return HeatMap.Shade(ColourOf(side < 0 ? 0 : 1), Math.Abs(side), Strongest);
    }

    private string ClassColour(IReadOnlyList<float> probabilities, int point)
    {
        int classes = Classes.Count;
        int best = Enumerable.Range(0, classes).MaxBy(index => probabilities[(point * classes) + index]);
        double surplus = (probabilities[(point * classes) + best] - (1.0 / classes)) / (1 - (1.0 / classes));
        return HeatMap.Shade(ColourOf(best), 0.2 + (surplus * 0.8), Strongest);
    }

    // Marching triangles: each cell is two, and a line crosses a triangle at most once.
    private void Contour(Chart chart, IReadOnlyList<float> values, double level)
    {
        var pieces = new List<((double, double), (double, double))>();
        for (int row = 0; row + 1 < GridSize; row++)
        {
            for (int column = 0; column + 1 < GridSize; column++)
            {
                (int, int) corner = (column, row);
                (int, int) opposite = (column + 1, row + 1);
                Cross(pieces, chart, values, level, [corner, (column + 1, row), opposite]);
                Cross(pieces, chart, values, level, [corner, (column, row + 1), opposite]);
            }
        }

        chart.Drawing.Lines(pieces, Palette.Ink, 1.6);
    }

    private void Cross(
        List<((double, double), (double, double))> pieces,
        Chart chart,
        IReadOnlyList<float> values,
        double level,
        (int Column, int Row)[] corners)
    {
        var ends = new List<(double X, double Y)>(2);
        for (int side = 0; side < corners.Length; side++)
        {
            (int Column, int Row) a = corners[side];
            (int Column, int Row) b = corners[(side + 1) % corners.Length];
            double first = values[(a.Row * GridSize) + a.Column] - level;
            double second = values[(b.Row * GridSize) + b.Column] - level;
            if (first < 0 == second < 0)
            {
                continue;
            }

            double share = first / (first - second);
            ends.Add((
                chart.X(At(X, a.Column + ((b.Column - a.Column) * share))),
                chart.Y(At(Y, a.Row + ((b.Row - a.Row) * share)))));
        }

        if (ends.Count == 2)
        {
            pieces.Add((ends[0], ends[1]));
        }
    }
}
