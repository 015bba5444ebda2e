namespace Trainer.Preprocessing;

/// <summary>
/// Mean, population variance, minimum and maximum of a column, in double, over rows in the order they come (numerics
/// A7).
/// </summary>
/// <remarks>
/// <c>delta = x - mean; mean += delta / n; m2 += delta * (x - mean)</c>. A constant column has exactly m2 = 0.
/// Source: Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
/// </remarks>
internal sealed class ColumnStatistics
{
    private double _mean;
    private double _squares;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;
    private long _rows;

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        _rows++;
        double delta = value - _mean;
        _mean += delta / _rows;
        _squares += delta * (value - _mean);
        _minimum = Math.Min(_minimum, value);
        _maximum = Math.Max(_maximum, value);
    }

    /// <summary>
    /// What to subtract from the column and what to divide it by then. A divisor of 0 is a constant column, or one
    /// without values.
    /// </summary>
    public (double Offset, double Scale) Fit(NumericScaling scaling) => scaling switch
    {
        _ when _rows == 0 => (0, 0),
        NumericScaling.Standardize => (_mean, Math.Sqrt(_squares / _rows)),
        NumericScaling.MinMax => (_minimum, _maximum - _minimum),
        _ => (0, 1),
    };
}
