namespace Trainer.Preprocessing;

/// <summary>What a fitted pipeline does with columns of bytes: <c>(x - offset) / scale</c>, and no more.</summary>
internal sealed class ByteScaling
{
    private readonly double[] _offsets;
    private readonly double[] _scales;

    private ByteScaling(double[] offsets, double[] scales)
    {
        (_offsets, _scales) = (offsets, scales);
    }

    /// <summary>Columns.</summary>
    public int Width => _offsets.Length;

    /// <summary>What is subtracted from each column.</summary>
    public ReadOnlySpan<double> Offsets => _offsets;

    /// <summary>What it is divided by then.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>The scaling of some columns.</summary>
    /// <param name="columns">Offset and scale of each; a scale of 0 is a constant column, which becomes 0.</param>
    /// <returns>Null when a byte could become a number that float32 cannot hold.</returns>
    public static ByteScaling? Create(IReadOnlyList<(double Offset, double Scale)> columns)
    {
        double[] offsets = new double[columns.Count];
        double[] scales = new double[columns.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            // A number divided by infinity is +0, as the numbers of a byte are not negative.
            (offsets[i], scales[i]) = columns[i].Scale == 0 ? (0, double.PositiveInfinity) : columns[i];
            if (!IsFinite(byte.MinValue) || !IsFinite(byte.MaxValue))
            {
                return null;
            }

            bool IsFinite(byte value) => float.IsFinite((float)((value - offsets[i]) / scales[i]));
        }

        return new ByteScaling(offsets, scales);
    }
}
