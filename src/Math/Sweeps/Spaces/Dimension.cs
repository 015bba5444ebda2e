using System.Globalization;

using Trainer.Kernels;

namespace Trainer.Sweeps.Spaces;

/// <summary>One searched key of the job file: its values, and how they map to the unit interval and back.</summary>
public sealed class Dimension
{
    // The interval of the unit encoding in the dimension's own scale: values, logarithms of values, or cells.
    private readonly double _first;
    private readonly double _length;

    private Dimension(string path, DimensionKind kind, double low, double high, double step)
    {
        Path = path;
        Kind = kind;
        Low = low;
        High = high;
        Step = step;
        (_first, double last) = kind switch
        {
            DimensionKind.Uniform => (low, high),
            DimensionKind.LogUniform => (Elementary.Log(low), Elementary.Log(high)),
            DimensionKind.LogInt => (Elementary.Log(low - 0.5), Elementary.Log(high + 0.5)),
            _ => (low - (step / 2), high + (step / 2)),
        };
        _length = last - _first;
    }

    /// <summary>The key in the job file, as <c>optimizer.learning_rate</c>.</summary>
    public string Path { get; }

    /// <summary>How the values are spread.</summary>
    public DimensionKind Kind { get; }

    /// <summary>The smallest value; of choices 0.</summary>
    public double Low { get; }

    /// <summary>The largest value that the steps reach; of choices the last index.</summary>
    public double High { get; }

    /// <summary>
    /// Distance of two values of <see cref="DimensionKind.Int"/>; 1 of other whole numbers; 0 of reals.
    /// </summary>
    public double Step { get; }

    /// <summary>The choices, each as it would stand in the job file; empty for numbers.</summary>
    public IReadOnlyList<string> Labels { get; private init; } = [];

    /// <summary>All of them must hold for the dimension to be active.</summary>
    public IReadOnlyList<Condition> When { get; private init; } = [];

    /// <summary>Whether there are finitely many values.</summary>
    public bool IsDiscrete => Kind is not (DimensionKind.Uniform or DimensionKind.LogUniform);

    /// <summary>Number of values; <see cref="long.MaxValue"/> of real numbers.</summary>
    public long Count => IsDiscrete ? (long)((High - Low) / Step) + 1 : long.MaxValue;

    /// <summary>A real number in [low, high], spread evenly.</summary>
    public static Dimension Uniform(string path, double low, double high)
    {
        RequireRange(path, low, high, low < high);
        return new Dimension(path, DimensionKind.Uniform, low, high, 0);
    }

    /// <summary>A real number in [low, high], its logarithm spread evenly.</summary>
    public static Dimension LogUniform(string path, double low, double high)
    {
        RequirePositive(path, low);
        RequireRange(path, low, high, low < high);
        return new Dimension(path, DimensionKind.LogUniform, low, high, 0);
    }

    /// <summary>A whole number low, low + step, ... up to high.</summary>
    public static Dimension Int(string path, double low, double high, double step = 1)
    {
        RequireWhole(path, low, high);
        if (!(step >= 1) || step != Math.Floor(step))
        {
            throw new SearchSpaceException($"'{path}': the step is {Text(step)}; it must be a whole number above 0.");
        }

        return new Dimension(path, DimensionKind.Int, low, low + (Math.Floor((high - low) / step) * step), step);
    }

    /// <summary>A whole number in [low, high], its logarithm spread evenly.</summary>
    public static Dimension LogInt(string path, double low, double high)
    {
        RequirePositive(path, low);
        RequireWhole(path, low, high);
        return new Dimension(path, DimensionKind.LogInt, low, high, 1);
    }

    /// <summary>One of some values without an order; they may be anything, lists too.</summary>
    /// <param name="path">The key in the job file.</param>
    /// <param name="labels">The values as they would stand in the job file, all different.</param>
    public static Dimension Choice(string path, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0)
        {
            throw new SearchSpaceException($"'{path}' has no choices; at least one is needed.");
        }

        if (labels.Where((label, i) => labels.Take(i).Contains(label)).FirstOrDefault() is { } twice)
        {
            throw new SearchSpaceException($"'{path}' has the choice {twice} twice; choices must be different.");
        }

        return new Dimension(path, DimensionKind.Choice, 0, labels.Count - 1, 1) { Labels = [.. labels] };
    }

    /// <summary>The same dimension, active only where the conditions hold.</summary>
    /// <param name="conditions">All of them must hold.</param>
    public Dimension Where(params IReadOnlyList<Condition> conditions) =>
        new(Path, Kind, Low, High, Step) { Labels = Labels, When = [.. When, .. conditions] };

    /// <summary>The value's place in the unit interval; a discrete value has a cell and stands in its middle.</summary>
    /// <param name="value">A value of the dimension.</param>
    public double Encode(double value)
    {
        double scaled = Kind is DimensionKind.LogUniform or DimensionKind.LogInt ? Elementary.Log(value) : value;
        return Math.Clamp((scaled - _first) / _length, 0, 1);
    }

    /// <summary>The value at a place of the unit interval.</summary>
    /// <param name="unit">In [0, 1]; what is outside is taken for the nearest end.</param>
    public double Decode(double unit)
    {
        if (!(unit > 0) || unit >= 1)
        {
            return unit >= 1 ? High : Low;
        }

        double scaled = _first + (unit * _length);
        double value = Kind switch
        {
            DimensionKind.Uniform => scaled,
            DimensionKind.LogUniform => Elementary.Exp(scaled),
            DimensionKind.LogInt => Math.Round(Elementary.Exp(scaled)),
            _ => Low + (Math.Floor((scaled - _first) / Step) * Step),
        };
        return Math.Clamp(value, Low, High);
    }

    /// <summary>The part of the unit interval that decodes to a value; of a real number the place itself.</summary>
    /// <param name="value">A value of the dimension.</param>
    internal (double From, double To) Cell(double value)
    {
        double half = Step / 2;
        (double from, double to) = Kind switch
        {
            DimensionKind.LogInt => (Elementary.Log(value - half), Elementary.Log(value + half)),
            DimensionKind.LogUniform => (Elementary.Log(value), Elementary.Log(value)),
            _ => (value - half, value + half),
        };
        return ((from - _first) / _length, (to - _first) / _length);
    }

    /// <summary>A value as it would stand in the job file.</summary>
    /// <param name="value">A value of the dimension.</param>
    public string Format(double value) => Kind == DimensionKind.Choice ? Labels[(int)value] : Text(value);

    /// <summary>Whether a value is one of the dimension's.</summary>
    /// <param name="value">A number, or the index of a choice.</param>
    public bool Contains(double value) =>
        value >= Low && value <= High && (!IsDiscrete || Math.IEEERemainder(value - Low, Step) == 0);

    private static void RequireRange(string path, double low, double high, bool holds)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new SearchSpaceException(
                $"'{path}' is [{Text(low)}, {Text(high)}]; both ends must be finite numbers.");
        }

        if (!holds)
        {
            throw new SearchSpaceException(low == high
                ? $"'{path}' is [{Text(low)}, {Text(high)}], an empty range; set the value in the job instead."
                : $"'{path}' is [{Text(low)}, {Text(high)}]; the first must be smaller than the second.");
        }
    }

    private static void RequireWhole(string path, double low, double high)
    {
        RequireRange(path, low, high, low <= high);
        const double Largest = 1L << 53;
        if (low != Math.Floor(low) || high != Math.Floor(high) || Math.Abs(low) > Largest || Math.Abs(high) > Largest)
        {
            throw new SearchSpaceException(
                $"'{path}' is [{Text(low)}, {Text(high)}]; both ends must be whole numbers of at most 2^53.");
        }
    }

    private static void RequirePositive(string path, double low)
    {
        if (!(low > 0))
        {
            throw new SearchSpaceException($"'{path}' starts at {Text(low)}; a logarithmic range must be above 0.");
        }
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
