using System.Globalization;
using System.Text.Json.Nodes;

namespace Trainer.Reporting.Plots;

/// <summary>Gradient norm of each layer by epoch, on a logarithmic axis.</summary>
/// <param name="Layers">Of each layer, from the input side: epoch and norm.</param>
internal sealed record GradientCurve(IReadOnlyList<IReadOnlyList<(double Epoch, double Norm)>> Layers)
{
    // More lines than colours.
    private const int MostLayers = 8;

    // A norm below it lies on the lower edge: a layer that does not learn at all.
    private const double Smallest = 1e-12;

    /// <summary>Reads a <c>metrics.jsonl</c>; torn lines and norms that are no numbers are left out.</summary>
    public static GradientCurve Parse(IEnumerable<string> lines)
    {
        var layers = new List<List<(double, double)>>();
        foreach ((double epoch, JsonObject line) in MetricsLines.Epochs(lines))
        {
            foreach ((int layer, JsonNode? node) in (line["gradient_norms"] as JsonArray ?? []).Index())
            {
                if (layer == layers.Count)
                {
                    layers.Add([]);
                }

                if (MetricsLines.Number(node) is { } norm)
                {
                    layers[layer].Add((epoch, norm));
                }
            }
        }

        return new GradientCurve(layers);
    }

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the run.</param>
    public string Draw(string name)
    {
        IEnumerable<(double Epoch, double Norm)> all = Layers.SelectMany(points => points);
        var chart = new Chart(
            $"Gradient norms of {Labels.Shorten(name, 48)}",
            AxisRange.Of(all.Select(point => point.Epoch)),
            AxisRange.OfPowers(all.Select(point => Math.Max(point.Norm, Smallest))));
        chart.Axes("epoch", "L2 norm of the layer's gradient", wholeX: true, powersY: true);

        // Of a deep network the layers that differ most from each other: spread from the first to the last.
        int shown = Math.Min(Layers.Count, MostLayers);
        for (int i = 0; i < shown; i++)
        {
            int layer = shown == 1 ? 0 : i * (Layers.Count - 1) / (shown - 1);
            string dash = i % 2 == 0 ? "" : "7 4";
            chart.Line(
                Layers[layer].Select(point => (point.Epoch, Math.Log10(Math.Max(point.Norm, Smallest)))),
                Palette.Of(i),
                dash: dash.Length > 0 ? dash : null);
            if (Layers[layer] is [var (epoch, norm)])
            {
                chart.Marker(epoch, Math.Log10(Math.Max(norm, Smallest)), i, Palette.Of(i));
            }

            string text = string.Create(CultureInfo.InvariantCulture, $"layers.{layer}");
            chart.LegendLine(text + Place(layer), Palette.Of(i), dash.Length > 0 ? dash : null);
        }

        return chart.Drawing.ToString();
    }

    private string Place(int layer) => Layers.Count == 1 ? ""
        : layer == 0 ? " (first)"
        : layer == Layers.Count - 1 ? " (output)" : "";
}
