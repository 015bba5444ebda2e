using System.Collections.Immutable;

namespace Trainer.Preprocessing;

/// <summary>
/// Mean, population variance, minimum and maximum of columns, in double, over rows in the order they come (numerics
/// A7).
/// </summary>
/// <remarks>
/// <c>delta = x - mean; mean += delta / n; m2 += delta * (x - mean)</c>. A constant column has exactly m2 = 0.
/// Source: Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
/// </remarks>
internal sealed class ColumnStatistics(int columns)
{
    private readonly double[] _means = new double[columns];
    private readonly double[] _squares = new double[columns];
    private readonly double[] _minima = Filled(columns, double.PositiveInfinity);
    private readonly double[] _maxima = Filled(columns, double.NegativeInfinity);
    private long _rows;

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<double> row)
    {
        _rows++;
        for (int i = 0; i < row.Length; i++)
        {
            double delta = row[i] - _means[i];
            _means[i] += delta / _rows;
            _squares[i] += delta * (row[i] - _means[i]);
            _minima[i] = Math.Min(_minima[i], row[i]);
            _maxima[i] = Math.Max(_maxima[i], row[i]);
        }
    }

    /// <summary>
    /// What to subtract from each column and what to divide it by then; empty for no scaling. A divisor of 0 is a
    /// constant column.
    /// </summary>
    public (ImmutableArray<double> Offsets, ImmutableArray<double> Scales) Fit(NumericScaling scaling) => scaling switch
    {
        NumericScaling.Standardize => ([.. _means], [.. _squares.Select(square => Math.Sqrt(square / _rows))]),
        NumericScaling.MinMax => ([.. _minima], [.. _maxima.Zip(_minima, (maximum, minimum) => maximum - minimum)]),
        _ => ([], []),
    };

    private static double[] Filled(int length, double value)
    {
        double[] values = new double[length];
        Array.Fill(values, value);
        return values;
    }
}
