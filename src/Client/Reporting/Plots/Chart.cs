namespace Trainer.Reporting.Plots;

/// <summary>A picture with two axes, a title and a legend beside it.</summary>
internal sealed class Chart
{
    private const double Left = 84;
    private const double Top = 56;
    private const double Bottom = 64;
    private const double Legend = 190;
    private const double LegendRow = 24;
    private const double MarkerSize = 4;
    private const int TicksX = 6;
    private const int TicksY = 6;

    private readonly AxisRange _x;
    private readonly AxisRange _y;
    private readonly double _width;
    private readonly double _height;
    private int _entries;

    /// <summary>An empty chart.</summary>
    /// <param name="title">Above it.</param>
    /// <param name="x">Values of the horizontal axis.</param>
    /// <param name="y">Values of the vertical axis.</param>
    /// <param name="width">Pixels of the part between the axes.</param>
    /// <param name="height">Pixels of the part between the axes.</param>
    public Chart(string title, AxisRange x, AxisRange y, double width = 520, double height = 380)
    {
        (_x, _y, _width, _height) = (x, y, width, height);
        Drawing = new SvgDrawing(Left + width + Legend, Top + height + Bottom, title);
        Drawing.Text(Left, Top - 22, title, new TextStyle(Size: 17, Bold: true));
    }

    /// <summary>What is drawn so far.</summary>
    public SvgDrawing Drawing { get; }

    /// <summary>Pixel of a value of the horizontal axis.</summary>
    public double X(double value) => Left + ((value - _x.Minimum) / _x.Length * _width);

    /// <summary>Pixel of a value of the vertical axis.</summary>
    public double Y(double value) => Top + _height - ((value - _y.Minimum) / _y.Length * _height);

    /// <summary>Draws grid, ticks, labels of the axes.</summary>
    /// <param name="xLabel">Below.</param>
    /// <param name="yLabel">Beside.</param>
    /// <param name="wholeX">Whether the horizontal axis counts.</param>
    /// <param name="grid">Whether lines lead through the chart.</param>
    /// <param name="powersY">Whether the vertical axis has the logarithms of its values, to base 10.</param>
    public void Axes(string xLabel, string yLabel, bool wholeX = false, bool grid = true, bool powersY = false)
    {
        var label = new TextStyle(Anchor: "middle");
        foreach ((double value, string text) in wholeX ? _x.WholeTicks(TicksX) : _x.Ticks(TicksX))
        {
            Drawing.Line(X(value), grid ? Top : Top + _height, X(value), Top + _height + 5, Tick(grid));
            Drawing.Text(X(value), Top + _height + 20, text, label);
        }

        foreach ((double value, string text) in powersY ? _y.PowerTicks(TicksY) : _y.Ticks(TicksY))
        {
            Drawing.Line(Left - 5, Y(value), grid ? Left + _width : Left, Y(value), Tick(grid));
            Drawing.Text(Left - 9, Y(value) + 4.5, text, label with { Anchor = "end" });
        }

        Drawing.Frame(Left, Top, _width, _height, Palette.Faint);
        Drawing.Text(Left + (_width / 2), Top + _height + 46, xLabel, label with { Size = 14 });
        (double x, double y) = (22, Top + (_height / 2));
        Drawing.Text(x, y, yLabel, label with { Size = 14, Turn = -90 });
    }

    /// <summary>A line through values.</summary>
    public void Line(
        IEnumerable<(double X, double Y)> values, string colour, double width = 2.2, string? dash = null) =>
        Drawing.Polyline(values.Select(value => (X(value.X), Y(value.Y))), colour, width, dash);

    /// <summary>A marker at a value; shapes tell series apart where colours do not.</summary>
    /// <param name="shape">Index of the series.</param>
    public void Marker(double x, double y, int shape, string fill, string edge = "#ffffff") =>
        DrawMarker(X(x), Y(y), shape, fill, edge);

    /// <summary>An entry of the legend with a piece of its line.</summary>
    public void LegendLine(string text, string colour, string? dash = null)
    {
        (double x, double y) = NextEntry(text);
        Drawing.Line(x, y, x + 24, y, colour, 2.6, dash);
    }

    /// <summary>An entry of the legend with its marker.</summary>
    public void LegendMarker(string text, int shape, string fill, string edge = "#ffffff")
    {
        (double x, double y) = NextEntry(text);
        DrawMarker(x + 12, y, shape, fill, edge);
    }

    private static string Tick(bool grid) => grid ? Palette.Grid : Palette.Faint;

    private (double X, double Y) NextEntry(string text)
    {
        (double x, double y) = (Left + _width + 18, Top + 12 + (LegendRow * _entries++));
        Drawing.Text(x + 32, y + 4.5, Labels.Shorten(text, 20), new TextStyle());
        return (x, y);
    }

    private void DrawMarker(double x, double y, int shape, string fill, string edge)
    {
        const double Size = MarkerSize;
        const double Wide = MarkerSize * 1.25;
        switch (shape % 4)
        {
            case 0:
                Drawing.Circle(x, y, Size, fill, edge);
                break;
            case 1:
                Drawing.Polygon(
                    [(x - Size, y - Size), (x + Size, y - Size), (x + Size, y + Size), (x - Size, y + Size)],
                    fill,
                    edge);
                break;
            case 2:
                Drawing.Polygon([(x, y - Wide), (x + Wide, y + Size), (x - Wide, y + Size)], fill, edge);
                break;
            default:
                Drawing.Polygon([(x, y - Wide), (x + Wide, y), (x, y + Wide), (x - Wide, y)], fill, edge);
                break;
        }
    }
}
