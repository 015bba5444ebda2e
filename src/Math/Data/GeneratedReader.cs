using System.Collections.Immutable;
using System.Globalization;

using Trainer.Kernels;

namespace Trainer.Data;

/// <summary>Generates rows one by one.</summary>
/// <remarks>
/// In double, by this program's own sine, cosine and logarithm, from counter (row, draw): a row does not depend on the
/// rows before it. Rows of the first class come first. Source: tensorflow/playground, src/dataset.ts, Smilkov and
/// Carter, 2016.
/// </remarks>
internal sealed class GeneratedReader : RowReader
{
    private const double Radius = 5;
    private const double PlaneRadius = 6;
    private const double Center = 2;
    private const double Padding = 0.3;
    private const double Turns = 1.75;

    private readonly GeneratorSource _generator;
    private readonly SeededRandom _random;
    private readonly double[] _values;
    private ulong _draw;

    /// <summary>A reader of a description.</summary>
    public GeneratedReader(DataSource source, GeneratorSource generator)
        : base(source)
    {
        _generator = generator;
        _random = new SeededRandom((ulong)generator.Seed, RandomStream.Generator);
        Columns = ColumnsOf(generator);
        _values = new double[Columns.Length];
    }

    /// <inheritdoc/>
    internal override bool IsNumeric => true;

    /// <inheritdoc/>
    internal override ImmutableArray<string> OwnTargets => [_generator.Target];

    private double Noise => _generator.Noise;

    // Of an odd number of rows, the first class has one more.
    private int FirstClass => (_generator.Rows + 1) / 2;

    private bool IsFirstClass => Row <= FirstClass;

    /// <summary>Names of the columns of a generator.</summary>
    public static ImmutableArray<string> ColumnsOf(GeneratorSource generator) =>
        generator.Generator == ToyGenerator.Curve ? ["x", generator.Target] : ["x1", "x2", generator.Target];

    /// <inheritdoc/>
    public override bool Read()
    {
        if (Row == _generator.Rows)
        {
            return false;
        }

        Row++;
        _draw = 0;
        switch (_generator.Generator)
        {
            case ToyGenerator.Circle:
                Circle();
                break;
            case ToyGenerator.Xor:
                Xor();
                break;
            case ToyGenerator.Gauss:
                Gauss();
                break;
            case ToyGenerator.Spiral:
                Spiral();
                break;
            case ToyGenerator.Curve:
                Curve();
                break;
            default:
                Plane();
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string Text(int column) => _values[column].ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    internal override CellKind Number(int column, out double value)
    {
        value = _values[column];
        return CellKind.Number;
    }

    /// <inheritdoc/>
    private protected override void ThrowIfChanged()
    {
    }

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing)
    {
    }

    // A point within half the radius or beyond 0.7 of it; the label is that of the point moved by the noise.
    private void Circle()
    {
        double distance = IsFirstClass ? Uniform(0, Radius / 2) : Uniform(0.7 * Radius, Radius);
        double angle = Uniform(0, 2 * Math.PI);
        double x = distance * Elementary.Sin(angle);
        double y = distance * Elementary.Cos(angle);
        double movedX = x + (Uniform(-Radius, Radius) * Noise);
        double movedY = y + (Uniform(-Radius, Radius) * Noise);
        Set(x, y, Math.Sqrt((movedX * movedX) + (movedY * movedY)) < Radius / 2 ? 1 : -1);
    }

    // Points keep 0.3 away from the axes.
    private void Xor()
    {
        double x = Uniform(-Radius, Radius);
        x += x > 0 ? Padding : -Padding;
        double y = Uniform(-Radius, Radius);
        y += y > 0 ? Padding : -Padding;
        double movedX = x + (Uniform(-Radius, Radius) * Noise);
        double movedY = y + (Uniform(-Radius, Radius) * Noise);
        Set(x, y, movedX * movedY >= 0 ? 1 : -1);
    }

    // The variance goes from 0.5 without noise to 4 at noise 0.5.
    private void Gauss()
    {
        double deviation = Math.Sqrt(0.5 + (7 * Noise));
        double center = IsFirstClass ? Center : -Center;
        double radius = Math.Sqrt(-2 * Elementary.Log(1 - Uniform(0, 1)));
        double angle = Uniform(0, 2 * Math.PI);
        double x = center + (deviation * radius * Elementary.Cos(angle));
        double y = center + (deviation * radius * Elementary.Sin(angle));
        Set(x, y, IsFirstClass ? 1 : -1);
    }

    private void Spiral()
    {
        int count = IsFirstClass ? FirstClass : _generator.Rows - FirstClass;
        int index = IsFirstClass ? Row - 1 : Row - 1 - FirstClass;
        double share = (double)index / count;
        double angle = (Turns * share * 2 * Math.PI) + (IsFirstClass ? 0 : Math.PI);
        double distance = share * Radius;
        double x = (distance * Elementary.Sin(angle)) + (Uniform(-1, 1) * Noise);
        double y = (distance * Elementary.Cos(angle)) + (Uniform(-1, 1) * Noise);
        Set(x, y, IsFirstClass ? 1 : -1);
    }

    private void Curve()
    {
        double x = Uniform(-Radius, Radius);
        _values[0] = x;
        _values[1] = Elementary.Sin(x) + (Elementary.Sin(2 * x) / 2) + (Uniform(-1, 1) * Noise);
    }

    private void Plane()
    {
        double x = Uniform(-PlaneRadius, PlaneRadius);
        double y = Uniform(-PlaneRadius, PlaneRadius);
        double movedX = x + (Uniform(-PlaneRadius, PlaneRadius) * Noise);
        double movedY = y + (Uniform(-PlaneRadius, PlaneRadius) * Noise);
        Set(x, y, Math.Clamp((movedX + movedY) / 10, -1, 1));
    }

    private void Set(double x, double y, double target) => (_values[0], _values[1], _values[2]) = (x, y, target);

    private double Uniform(double from, double to) =>
        from + ((to - from) * _random.UniformDouble((ulong)Row, _draw++));
}
