namespace Trainer.Reporting.Plots;

/// <summary>What a model of one feature predicts over it, with rows of data as points.</summary>
/// <param name="Name">Name of the run and of its data.</param>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Target">Name of the target.</param>
/// <param name="Classes">Names of the classes; empty of a regression.</param>
/// <param name="Points">The rows: the feature as it stands in the file, and the target or the class.</param>
internal sealed record FitPlot(
    string Name,
    string Feature,
    string Target,
    IReadOnlyList<string> Classes,
    IReadOnlyList<(double X, float Target)> Points)
{
    /// <summary>Points of the line.</summary>
    public const int GridSize = 241;

    private const int MostPoints = 1000;

    private readonly AxisRange _x = AxisRange.Of(Points.Select(point => point.X), margin: 0.05);

    /// <summary>The values of the feature that the model is asked for.</summary>
    public IEnumerable<double> Grid() => Enumerable.Range(0, GridSize).Select(At);

    /// <summary>Draws it.</summary>
    /// <param name="predictions">
    /// Of each value of the grid: the prediction; the probability of the second class, of two; else one of each class.
    /// </param>
    /// <param name="threshold">Of the second class, of two.</param>
    public string Draw(IReadOnlyList<float> predictions, double threshold)
    {
        int outputs = predictions.Count / GridSize;
        bool binary = Classes.Count > 0 && outputs == 1;
        AxisRange y = Classes.Count > 0
            ? new AxisRange(-0.06, 1.06)
            : AxisRange.Of(predictions.Concat(Points.Select(row => row.Target)).Select(value => (double)value), 0.05);
        string what = Classes.Count == 0 ? Labels.Shorten(Target, 32)
            : binary ? $"probability of '{Labels.Shorten(Classes[1], 24)}'" : "probability";
        var chart = new Chart($"Fit of {Labels.Shorten(Name, 48)}", _x, y);
        chart.Axes(Labels.Shorten(Feature, 48), what);
        if (binary)
        {
            chart.Line([(_x.Minimum, threshold), (_x.Maximum, threshold)], Palette.Faint, 1.2, "3 4");
        }

        Rows(chart, binary);
        for (int output = 0; output < outputs; output++)
        {
            int of = output;
            string colour = outputs == 1 ? Palette.Ink : BoundaryPlot.ColourOf(output);
            chart.Line(Grid().Select((x, i) => (x, (double)predictions[(i * outputs) + of])), colour, 2.4);
        }

        Legend(chart, binary, threshold);
        return chart.Drawing.ToString();
    }

    private double At(int index) => _x.Minimum + (_x.Length * index / (GridSize - 1));

    // A row of a class lies where a sure model would put it.
    private void Rows(Chart chart, bool binary)
    {
        int every = Math.Max(1, (Points.Count + MostPoints - 1) / MostPoints);
        foreach ((_, (double x, float target)) in Points.Index().Where(point => point.Index % every == 0))
        {
            if (Classes.Count == 0)
            {
                chart.Marker(x, target, shape: 0, Palette.Blue);
            }
            else
            {
                chart.Marker(x, binary ? target : 1, (int)target, BoundaryPlot.ColourOf((int)target));
            }
        }
    }

    private void Legend(Chart chart, bool binary, double threshold)
    {
        if (Classes.Count == 0)
        {
            chart.LegendMarker("rows", 0, Palette.Blue);
            chart.LegendLine("prediction", Palette.Ink);
            return;
        }

        foreach ((int index, string name) in Classes.Index())
        {
            chart.LegendMarker(name, index, BoundaryPlot.ColourOf(index));
        }

        if (binary)
        {
            chart.LegendLine("model", Palette.Ink);
            chart.LegendLine($"p = {Figures.Exact(Math.Round(threshold, 3))}", Palette.Faint, "3 4");
        }
    }
}
