using System.Globalization;

namespace Trainer.Reporting.Plots;

/// <summary>Receiver operating characteristic: the rates of all thresholds.</summary>
/// <param name="Points">From (0, 0) to (1, 1); rows of equal scores are one step.</param>
/// <param name="Area">Area under the curve.</param>
internal sealed record RocCurve(IReadOnlyList<(double FalsePositives, double TruePositives)> Points, double Area)
{
    // Finer than a pixel.
    private const double Shortest = 0.0005;

    /// <summary>The curve of scores.</summary>
    /// <param name="positives">Scores of rows of the positive class, ascending; at least one.</param>
    /// <param name="negatives">Scores of rows of the negative class, ascending; at least one.</param>
    public static RocCurve Create(ReadOnlySpan<float> positives, ReadOnlySpan<float> negatives)
    {
        List<(double, double)> points = [(0, 0)];
        double area = 0;
        (int p, int n) = (positives.Length, negatives.Length);
        (double lastX, double lastY) = (0, 0);
        while (p > 0 || n > 0)
        {
            // The next lower threshold: all rows of that score turn positive at once.
            float score = p == 0 ? negatives[n - 1]
                : n == 0 ? positives[p - 1]
                : Math.Max(positives[p - 1], negatives[n - 1]);
            while (p > 0 && positives[p - 1] >= score)
            {
                p--;
            }

            while (n > 0 && negatives[n - 1] >= score)
            {
                n--;
            }

            double x = 1 - ((double)n / negatives.Length);
            double y = 1 - ((double)p / positives.Length);
            area += (x - lastX) * (y + lastY) / 2;
            points.Add((x, y));
            (lastX, lastY) = (x, y);
        }

        return new RocCurve(points, area);
    }

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the run and of its data.</param>
    /// <param name="positive">Name of the positive class.</param>
    /// <param name="threshold">The model's threshold.</param>
    /// <param name="rates">False and true positive rate at that threshold.</param>
    public string Draw(
        string name, string positive, double threshold, (double FalsePositives, double TruePositives) rates)
    {
        var unit = new AxisRange(0, 1);
        var chart = new Chart($"ROC of {Labels.Shorten(name, 48)}", unit, unit, width: 420, height: 420);
        string of = Labels.Shorten(positive, 24);
        chart.Axes($"false positive rate (others called '{of}')", $"true positive rate ('{of}' found)");
        chart.Line([(0, 0), (1, 1)], Palette.Faint, width: 1.4, dash: "3 4");
        chart.Line(Thinned(), Palette.Blue, width: 2.4);
        chart.Marker(rates.FalsePositives, rates.TruePositives, shape: 3, Palette.Vermillion, Palette.Ink);
        chart.LegendLine($"AUC {Area.ToString("0.0000", CultureInfo.InvariantCulture)}", Palette.Blue);
        chart.LegendLine("chance: 0.5", Palette.Faint, "3 4");
        string limit = threshold.ToString("0.###", CultureInfo.InvariantCulture);
        chart.LegendMarker($"threshold {limit}", shape: 3, Palette.Vermillion, Palette.Ink);
        return chart.Drawing.ToString();
    }

    // Corners stay; points that a picture cannot tell apart go.
    private IEnumerable<(double X, double Y)> Thinned()
    {
        (double X, double Y) last = (double.NegativeInfinity, double.NegativeInfinity);
        for (int i = 0; i < Points.Count; i++)
        {
            (double x, double y) = Points[i];
            bool isLast = i == Points.Count - 1;
            bool isStraight = i > 0 && !isLast
                && ((Points[i - 1].FalsePositives == x && Points[i + 1].FalsePositives == x)
                    || (Points[i - 1].TruePositives == y && Points[i + 1].TruePositives == y));
            if (isLast || (!isStraight && (x - last.X) + (y - last.Y) >= Shortest))
            {
                last = (x, y);
                yield return last;
            }
        }
    }
}
