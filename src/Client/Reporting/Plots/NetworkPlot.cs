using System.Globalization;

using Trainer.Formats;

namespace Trainer.Reporting.Plots;

/// <summary>A network as a graph: a column a layer, a line a weight.</summary>
internal static class NetworkPlot
{
    private const int MostNodes = 14;
    private const double Top = 108;
    private const double Gap = 34;
    private const double Column = 170;
    private const double Radius = 9;
    private const double Thinnest = 0.3;
    private const double Thickest = 4;
    private const double Smallest = 560;
    private const int LongestName = 16;

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the run.</param>
    /// <param name="model">The model.</param>
    public static string Draw(string name, ModelFile model)
    {
        int[] widths = [model.Architecture.Inputs, .. model.Architecture.Hidden, model.Architecture.Outputs];
        string[] inputs = NamesOf(model.Pipeline.InputNames, widths[0], "input");
        string[] outputs = OutputNames(model);
        double left = 40 + (inputs.Max(text => text.Length) * 8);
        double right = left + (Column * (widths.Length - 1));
        int most = widths.Max(width => Math.Min(width, MostNodes + 1));
        double height = Top + (most * Gap) + 30;
        string title = $"Network of {Labels.Shorten(name, 60)}";
        double width = Math.Max(right + 50 + (outputs.Max(text => text.Length) * 8), Smallest);
        var drawing = new SvgDrawing(Math.Max(width, Labels.TitleWidth(title)), height, title);
        Node[][] layers =
        [
            .. widths.Select((width, layer) => Place(width, left + (layer * Column), Top + (most * Gap / 2))),
        ];
        Head(drawing, title, model);
        Edges(drawing, layers, widths, model.Parameters);
        for (int layer = 0; layer < layers.Length; layer++)
        {
            double x = left + (layer * Column);
            string column = layer == 0 ? "inputs" : layer == layers.Length - 1 ? "outputs" : $"hidden {layer}";
            drawing.Text(x, Top - 26, column, new TextStyle(Anchor: "middle", Bold: true));
            drawing.Text(
                x, Top - 9, Figures.Count(widths[layer], "unit"), new TextStyle(12, "middle", Palette.Faint));
            Nodes(drawing, layers[layer], layer == 0 ? inputs : layer == layers.Length - 1 ? outputs : [], layer == 0);
        }

        return drawing.ToString();
    }

    private static void Head(SvgDrawing drawing, string title, ModelFile model)
    {
        drawing.Text(20, 30, title, new TextStyle(Size: 17, Bold: true));
        double x = 20;
        foreach ((string text, string colour) in new[]
                 {
                     ("positive weight", Palette.Blue), ("negative weight", Palette.Vermillion),
                 })
        {
            drawing.Line(x, 52, x + 26, 52, colour, 3);
            drawing.Text(x + 33, 56.5, text, new TextStyle());
            x += 152;
        }

        string count = Figures.Count(model.Parameters.Length, "parameter");
        drawing.Text(x, 56.5, $"wider: larger; {count}", new TextStyle(Colour: Palette.Faint));
    }

    private static string[] OutputNames(ModelFile model)
    {
        IReadOnlyList<string> classes = model.Pipeline.ClassNames;
        int outputs = model.Architecture.Outputs;
        return classes.Count == 2 && outputs == 1
            ? [Labels.Shorten(classes[1], LongestName)]
            : NamesOf(classes.Count > 0 ? classes : model.Pipeline.TargetColumns, outputs, "output");
    }

    // Preprocessing may make several features of a column: then they are counted only.
    private static string[] NamesOf(IReadOnlyList<string> names, int count, string other) => names.Count == count
        ? [.. names.Select(name => Labels.Shorten(name, LongestName))]
        : [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{other} {i}"))];

    // Of a wide layer the first and the last units, with a gap between them.
    private static Node[] Place(int width, double x, double middle)
    {
        int[] shown = width <= MostNodes
            ? [.. Enumerable.Range(0, width)]
            : [.. Enumerable.Range(0, MostNodes / 2), .. Enumerable.Range(width - (MostNodes / 2), MostNodes / 2)];
        int rows = width <= MostNodes ? width : MostNodes + 1;
        double top = middle - (rows * Gap / 2);
        return
        [
            .. shown.Select((unit, index) => new Node(
                unit, x, top + ((index + (width > MostNodes && index >= MostNodes / 2 ? 1.5 : 0.5)) * Gap))),
        ];
    }

    // Weak weights first, so that strong ones lie on top.
    private static void Edges(SvgDrawing drawing, Node[][] layers, int[] widths, float[] parameters)
    {
        int offset = 0;
        for (int layer = 1; layer < layers.Length; layer++)
        {
            (int inputs, int outputs) = (widths[layer - 1], widths[layer]);
            ReadOnlyMemory<float> weights = parameters.AsMemory(offset, inputs * outputs);
            double largest = Math.Max(float.Epsilon, Largest(weights.Span));
            var edges = layers[layer]
                .SelectMany(to => layers[layer - 1].Select(
                    from => (From: from, To: to, Weight: (double)weights.Span[(to.Unit * inputs) + from.Unit])))
                .OrderBy(edge => Math.Abs(edge.Weight));
            foreach ((Node from, Node to, double weight) in edges)
            {
                double strength = Math.Abs(weight) / largest;
                string strong = weight >= 0 ? Palette.Blue : Palette.Vermillion;
                drawing.Line(
                    from.X,
                    from.Y,
                    to.X,
                    to.Y,
                    Palette.Mix("#ececec", strong, Math.Sqrt(strength)),
                    Thinnest + ((Thickest - Thinnest) * strength));
            }

            offset += (inputs + 1) * outputs;
        }
    }

    private static float Largest(ReadOnlySpan<float> weights)
    {
        float largest = 0;
        foreach (float weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        return largest;
    }

    private static void Nodes(SvgDrawing drawing, Node[] nodes, string[] names, bool isFirst)
    {
        foreach ((int index, Node node) in nodes.Index())
        {
            drawing.Circle(node.X, node.Y, Radius, "#ffffff", Palette.Ink);
            if (names.Length > 0)
            {
                double x = isFirst ? node.X - Radius - 7 : node.X + Radius + 7;
                drawing.Text(x, node.Y + 4.5, names[node.Unit], new TextStyle(Anchor: isFirst ? "end" : "start"));
            }

            if (index > 0 && node.Unit > nodes[index - 1].Unit + 1)
            {
                for (int dot = -1; dot <= 1; dot++)
                {
                    drawing.Circle(node.X, node.Y - Gap + (dot * 8), 1.8, Palette.Ink, Palette.Ink);
                }
            }
        }
    }

    private sealed record Node(int Unit, double X, double Y);
}
