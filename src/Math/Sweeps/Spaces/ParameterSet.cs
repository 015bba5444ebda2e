namespace Trainer.Sweeps.Spaces;

/// <summary>
/// One point of a search space: a value for each dimension, in the space's order. Two sets with the same values are
/// equal.
/// </summary>
/// <remarks>
/// Whole numbers are exact; a choice is its index, from 0; NaN stands where a condition keeps the dimension out.
/// </remarks>
public sealed class ParameterSet : IEquatable<ParameterSet>
{
    private readonly double[] _values;

    /// <summary>A point.</summary>
    /// <param name="values">A value for each dimension, in the order of <see cref="SearchSpace.Dimensions"/>.</param>
    public ParameterSet(ReadOnlySpan<double> values)
    {
        _values = values.ToArray();
        foreach (ref double value in _values.AsSpan())
        {
            // One NaN, one zero: equality is by bits.
            value = double.IsNaN(value) ? double.NaN : value + 0.0;
        }
    }

    /// <summary>Number of dimensions, active or not.</summary>
    public int Count => _values.Length;

    /// <summary>The values, NaN where a dimension is not active.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The value of a dimension.</summary>
    /// <param name="dimension">Its place in the space.</param>
    public double this[int dimension] => _values[dimension];

    /// <summary>Whether the point has a value for a dimension.</summary>
    /// <param name="dimension">Its place in the space.</param>
    public bool IsActive(int dimension) => !double.IsNaN(_values[dimension]);

    /// <inheritdoc/>
    public bool Equals(ParameterSet? other) =>
        other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (double value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", _values)}]";
}
