using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trainer.Reporting.Plots;

/// <summary>Loss by epoch.</summary>
/// <param name="Train">Epoch and mean loss over the epoch's batches.</param>
/// <param name="Validation">Epoch and loss of the validation part; empty without one.</param>
internal sealed record LearningCurve(
    IReadOnlyList<(double Epoch, double Loss)> Train, IReadOnlyList<(double Epoch, double Loss)> Validation)
{
    private const string Dash = "7 4";

    /// <summary>Reads a <c>metrics.jsonl</c>; torn lines and losses that are no numbers are left out.</summary>
    /// <remarks>Of a cross-validation the training on all rows counts, which gave the model.</remarks>
    public static LearningCurve Parse(IEnumerable<string> lines)
    {
        List<(double, double)> train = [];
        List<(double, double)> validation = [];
        foreach (JsonObject line in lines.Select(Object).OfType<JsonObject>())
        {
            if (Number(line["epoch"]) is not { } epoch || line["fold"] is not null)
            {
                continue;
            }

            if (Number(line["train_loss"]) is { } loss)
            {
                train.Add((epoch, loss));
            }

            if (Number((line["validation"] as JsonObject)?["loss"]) is { } judged)
            {
                validation.Add((epoch, judged));
            }
        }

        return new LearningCurve(train, validation);
    }

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the run.</param>
    /// <param name="best">The epoch whose weights the model has; null: unknown.</param>
    public string Draw(string name, int? best)
    {
        IEnumerable<(double Epoch, double Loss)> all = Train.Concat(Validation);
        AxisRange losses = AxisRange.Of(all.Select(point => point.Loss), margin: 0.05);

        // A loss that is never negative is shown from 0 on, unless that would flatten the curve.
        bool fromZero = losses.Minimum > 0 && losses.Minimum < losses.Length;
        var chart = new Chart(
            $"Learning curve of {Labels.Shorten(name, 48)}",
            AxisRange.Of(all.Select(point => point.Epoch)),
            fromZero || losses.Minimum < 0 && all.All(point => point.Loss >= 0)
                ? new AxisRange(0, losses.Maximum)
                : losses);
        chart.Axes("epoch", "loss", wholeX: true);
        Series(chart, "train loss", Train, Palette.Blue, dash: null);
        Series(chart, "validation loss", Validation, Palette.Vermillion, Dash);
        if (best is { } epoch && Validation.FirstOrDefault(point => point.Epoch == epoch) is { Epoch: > 0 } point)
        {
            chart.Marker(point.Epoch, point.Loss, shape: 3, Palette.Vermillion, Palette.Ink);
            chart.LegendMarker($"model: epoch {epoch}", shape: 3, Palette.Vermillion, Palette.Ink);
        }

        return chart.Drawing.ToString();
    }

    private static void Series(
        Chart chart, string name, IReadOnlyList<(double, double)> points, string colour, string? dash)
    {
        if (points.Count == 0)
        {
            return;
        }

        chart.Line(points, colour, dash: dash);
        if (points is [var (x, y)])
        {
            chart.Marker(x, y, shape: 0, colour);
        }

        chart.LegendLine(name, colour, dash);
    }

    private static JsonObject? Object(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;
}
