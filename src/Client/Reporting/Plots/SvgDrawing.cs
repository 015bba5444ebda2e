using System.Globalization;
using System.Text;
using System.Xml;

namespace Trainer.Reporting.Plots;

/// <summary>A picture as SVG, drawn from back to front in pixels from the upper left corner.</summary>
internal sealed class SvgDrawing
{
    private const string Fonts = "system-ui, 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif";
    private const char Replacement = '\uFFFD';

    private readonly StringBuilder _body = new();
    private readonly double _width;
    private readonly double _height;
    private readonly string _title;

    /// <summary>An empty white picture.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="title">What it shows, for who cannot see it.</param>
    public SvgDrawing(double width, double height, string title)
    {
        (_width, _height, _title) = (width, height, title);
        Rectangle(0, 0, width, height, "#ffffff");
    }

    /// <summary>A straight line.</summary>
    /// <param name="dash">Lengths of dashes and gaps; null: none.</param>
    public void Line(
        double x1, double y1, double x2, double y2, string colour, double width = 1, string? dash = null) =>
        Element($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"{Stroke(colour, width, dash)}/>");

    /// <summary>Straight lines of one look, as one element; nothing where there are none.</summary>
    public void Lines(
        IReadOnlyCollection<((double X, double Y) From, (double X, double Y) To)> all, string colour, double width)
    {
        if (all.Count > 0)
        {
            IEnumerable<string> paths =
                all.Select(line => $"M{N(line.From.X)} {N(line.From.Y)}L{N(line.To.X)} {N(line.To.Y)}");
            Element($"<path d=\"{string.Concat(paths)}\" fill=\"none\"{Stroke(colour, width, dash: null)}/>");
        }
    }

    /// <summary>A line through points.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string colour, double width, string? dash = null) =>
        Element($"<polyline points=\"{Points(points)}\" fill=\"none\" stroke-linejoin=\"round\""
            + $"{Stroke(colour, width, dash)}/>");

    /// <summary>A filled outline.</summary>
    public void Polygon(IEnumerable<(double X, double Y)> points, string fill, string edge) =>
        Element($"<polygon points=\"{Points(points)}\" fill=\"{Escape(fill)}\"{Stroke(edge, 0.8, dash: null)}/>");

    /// <summary>A filled rectangle, without an edge, that meets its neighbours without a seam.</summary>
    public void Rectangle(double x, double y, double width, double height, string fill) =>
        Element($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"{Escape(fill)}\" "
            + "shape-rendering=\"crispEdges\"/>");

    /// <summary>Filled rectangles of one colour, as one element.</summary>
    public void Rectangles(IEnumerable<(double X, double Y, double Width, double Height)> all, string fill)
    {
        IEnumerable<string> paths = all.Select(
            each => $"M{N(each.X)} {N(each.Y)}h{N(each.Width)}v{N(each.Height)}h-{N(each.Width)}z");
        Element($"<path d=\"{string.Concat(paths)}\" fill=\"{Escape(fill)}\" shape-rendering=\"crispEdges\"/>");
    }

    /// <summary>An empty frame.</summary>
    public void Frame(double x, double y, double width, double height, string colour) =>
        Element($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"none\""
            + $"{Stroke(colour, 1, dash: null)}/>");

    /// <summary>A filled circle.</summary>
    public void Circle(double x, double y, double radius, string fill, string edge) =>
        Element($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" fill=\"{Escape(fill)}\""
            + $"{Stroke(edge, 0.8, dash: null)}/>");

    /// <summary>A text on one line.</summary>
    /// <param name="x">Where the anchor is.</param>
    /// <param name="y">The base line.</param>
    /// <param name="text">Any text; what XML cannot hold is replaced.</param>
    /// <param name="style">How it looks.</param>
    public void Text(double x, double y, string text, TextStyle style)
    {
        string turn = style.Turn == 0 ? "" : $" transform=\"rotate({N(style.Turn)} {N(x)} {N(y)})\"";
        string weight = style.Bold ? " font-weight=\"600\"" : "";
        Element($"<text x=\"{N(x)}\" y=\"{N(y)}\" font-size=\"{N(style.Size)}\" text-anchor=\"{style.Anchor}\" "
            + $"fill=\"{Escape(style.Colour)}\"{weight}{turn}>{Escape(text)}</text>");
    }

    /// <summary>The whole file.</summary>
    public override string ToString() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(_width)}\" height=\"{N(_height)}\" "
        + $"viewBox=\"0 0 {N(_width)} {N(_height)}\" role=\"img\" font-family=\"{Fonts}\">\n"
        + $"<title>{Escape(_title)}</title>\n{_body}</svg>\n";

    /// <summary>Text as it stands in XML, also between quotes.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char symbol = text[i];
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(symbol, text[i + 1]);
            _ = symbol switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                _ when isPair => escaped.Append(symbol).Append(text[++i]),
                _ => escaped.Append(XmlConvert.IsXmlChar(symbol) ? symbol : Replacement),
            };
        }

        return escaped.ToString();
    }

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    private static string Stroke(string colour, double width, string? dash) =>
        $" stroke=\"{Escape(colour)}\" stroke-width=\"{N(width)}\""
        + (dash is null ? "" : $" stroke-dasharray=\"{Escape(dash)}\"");

    private static string N(double value) => double.IsFinite(value)
        ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : throw new ArgumentException($"A picture cannot hold the coordinate {value}; every one must be finite.");

    private void Element(string element) => _body.Append(element).Append('\n');
}

/// <summary>How a text looks.</summary>
/// <param name="Size">Pixels.</param>
/// <param name="Anchor">What of the text stands at its point: start, middle or end.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Bold">Whether it is bold.</param>
/// <param name="Turn">Degrees, clockwise.</param>
internal sealed record TextStyle(
    double Size = 13, string Anchor = "start", string Colour = Palette.Ink, bool Bold = false, double Turn = 0);
