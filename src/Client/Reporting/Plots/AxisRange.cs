using System.Globalization;

namespace Trainer.Reporting.Plots;

/// <summary>The values that an axis shows, and its ticks at round numbers.</summary>
/// <param name="Minimum">First value.</param>
/// <param name="Maximum">Last value, greater.</param>
internal readonly record struct AxisRange(double Minimum, double Maximum)
{
    private static readonly double[] Round = [1, 2, 2.5, 5, 10];

    /// <summary>Last value - first value.</summary>
    public double Length => Maximum - Minimum;

    /// <summary>A range that shows all values that are finite, with a margin.</summary>
    /// <param name="values">The values.</param>
    /// <param name="margin">Share of their range on each side.</param>
    public static AxisRange Of(IEnumerable<double> values, double margin = 0)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        (double low, double high) = finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());

        // All equal, or so near to each other that no picture could show it.
        double room = Math.Max(Math.Abs(low), Math.Abs(high));
        bool isFlat = high - low <= room * 1e-9;
        double extra = !isFlat ? (high - low) * margin : room == 0 ? 1 : room * 0.1;
        return new AxisRange(low - extra, high + extra);
    }

    /// <summary>A range over whole powers of ten, in logarithms to base 10, that shows all values.</summary>
    /// <param name="values">Positive values.</param>
    public static AxisRange OfPowers(IEnumerable<double> values)
    {
        AxisRange range = Of(values.Select(Math.Log10));
        (double low, double high) = (Math.Floor(range.Minimum), Math.Ceiling(range.Maximum));
        return new AxisRange(low, Math.Max(high, low + 1));
    }

    /// <summary>Ticks with their labels, ascending.</summary>
    /// <param name="about">How many there should be, about.</param>
    public IReadOnlyList<(double Value, string Label)> Ticks(int about)
    {
        double step = Step(Length / about);
        long first = (long)Math.Ceiling((Minimum / step) - 1e-9);
        long last = (long)Math.Floor((Maximum / step) + 1e-9);
        var ticks = new List<(double, string)>();
        for (long i = first; i <= last; i++)
        {
            ticks.Add((i * step, Label(i * step, step)));
        }

        return ticks;
    }

    /// <summary>Ticks at whole numbers only.</summary>
    /// <param name="about">How many there should be, about.</param>
    public IReadOnlyList<(double Value, string Label)> WholeTicks(int about) =>
        [.. Ticks(about).Where(tick => Math.Abs(tick.Value - Math.Round(tick.Value)) < 1e-9)];

    /// <summary>Ticks at whole powers of ten of an axis of logarithms.</summary>
    /// <param name="about">How many there should be, about.</param>
    public IReadOnlyList<(double Value, string Label)> PowerTicks(int about)
    {
        int step = Math.Max(1, (int)Math.Ceiling(Length / about));
        var ticks = new List<(double, string)>();
        for (int power = (int)Math.Ceiling(Minimum); power <= Maximum; power += step)
        {
            ticks.Add((power, string.Create(CultureInfo.InvariantCulture, $"1e{power}")));
        }

        return ticks;
    }

    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * Round.First(factor => factor * power >= rough * (1 - 1e-9));
    }

    private static string Label(double value, double step)
    {
        double size = Math.Max(Math.Abs(value), step);
        if (size >= 1e6 || step < 1e-4)
        {
            return value == 0 ? "0" : value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        int decimals = 0;
        while (decimals < 6 && Math.Abs(step - Math.Round(step, decimals)) > step * 1e-6)
        {
            decimals++;
        }

        return value.ToString($"#,0.{new string('0', decimals)}", CultureInfo.InvariantCulture);
    }
}
