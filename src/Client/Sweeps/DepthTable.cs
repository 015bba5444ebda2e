using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>The metric by depth and width of the hidden layers: mean and best of the completed trials.</summary>
internal sealed class DepthTable
{
    private const string Hidden = "model.hidden";
    private const int MostWidths = 5;

    private DepthTable(IReadOnlyList<DepthCell> cells, IReadOnlyList<int> layers, IReadOnlyList<string> widths) =>
        (Cells, Layers, Widths) = (cells, layers, widths);

    /// <summary>The cells that have trials.</summary>
    public IReadOnlyList<DepthCell> Cells { get; }

    /// <summary>Numbers of hidden layers, ascending.</summary>
    public IReadOnlyList<int> Layers { get; }

    /// <summary>Widths of the widest layer, ascending; ranges where there are many.</summary>
    public IReadOnlyList<string> Widths { get; }

    /// <summary>The table; null when hidden layers were not searched, or no trial has completed.</summary>
    public static DepthTable? Of(SweepTable table)
    {
        (int Layers, int Width, TrialRow Trial)[] trials =
        [
            .. table.Trials.Where(SweepTable.IsRanked).SelectMany(trial => trial.Parameters
                .Where(parameter => parameter.Key == Hidden)
                .Select(parameter => WidthsOf(parameter.Value))
                .Select(widths => (widths.Length, widths.DefaultIfEmpty(0).Max(), trial))),
        ];
        if (trials.Length == 0)
        {
            return null;
        }

        int[] widths = [.. trials.Select(trial => trial.Width).Distinct().Order()];
        bool isLong = widths.Length > MostWidths;
        string[] labels = [.. widths.Select(width => Label(width, isLong)).Distinct()];
        return new DepthTable(
            [
                .. trials.GroupBy(trial => (trial.Layers, Width: Label(trial.Width, isLong)))
                    .Select(group => new DepthCell(
                        group.Key.Layers,
                        group.Key.Width,
                        group.Average(trial => trial.Trial.Value),
                        group.MinBy(trial => table.Loss(trial.Trial)).Trial.Value,
                        group.Count())),
            ],
            [.. trials.Select(trial => trial.Layers).Distinct().Order()],
            labels);
    }

    /// <summary>The cell of a depth and width; null: no trial.</summary>
    public DepthCell? Find(int layers, string width) =>
        Cells.FirstOrDefault(cell => cell.Layers == layers && cell.Width == width);

    /// <summary>As text.</summary>
    /// <param name="metric">Name of the metric.</param>
    public IEnumerable<string> Lines(string metric) => TextTable.Lines(
        [
            ["layers", .. Widths.Select(width => width == "0" ? "none" : $"width {width}")],
            .. Layers.Select(layers => (string[])
            [
                layers.ToString(CultureInfo.InvariantCulture),
                .. Widths.Select(width => Find(layers, width) is { } cell
                    ? $"{Figures.Metric(cell.Mean)} / {Figures.Metric(cell.Best)}"
                    : "-"),
            ]),
        ],
        column => column > 0).Prepend($"{metric} by depth and width of the widest layer: mean / best");

    // [32, 16]; a list that is none has no layers.
    private static int[] WidthsOf(string value) => ParameterText.ToJson(value) is JsonArray list
        ? [.. list.Select(width => width is JsonValue number && number.TryGetValue(out long units) ? (int)units : 0)]
        : [];

    // Powers of two where there are many: 9-16, 17-32.
    private static string Label(int width, bool isLong)
    {
        if (!isLong || width <= 1)
        {
            return width.ToString(CultureInfo.InvariantCulture);
        }

        int high = (int)BitOperations.RoundUpToPowerOf2((uint)width);
        return high / 2 + 1 == high
            ? high.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(high / 2) + 1}-{high}");
    }
}

/// <summary>The trials of one depth and width.</summary>
/// <param name="Layers">Hidden layers.</param>
/// <param name="Width">Width of the widest one.</param>
/// <param name="Mean">Mean of the metric.</param>
/// <param name="Best">Best value.</param>
/// <param name="Trials">Trials.</param>
internal sealed record DepthCell(int Layers, string Width, double Mean, double Best, int Trials);
