using Trainer.Kernels;
using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>
/// Features as the bytes of their source, such as the pixels of an image, which are scaled whenever a row is used.
/// </summary>
/// <param name="rows">Rows n.</param>
/// <param name="scaling">What the preprocessing does with each column.</param>
internal sealed class ByteRows(int rows, ByteScaling scaling) : FeatureRows(scaling.Width)
{
    private readonly byte[] _values = GC.AllocateUninitializedArray<byte>(checked(rows * scaling.Width));

    /// <inheritdoc/>
    public override long Bytes => _values.Length;

    /// <inheritdoc/>
    public override void Read(int row, RowParser parser, FittedPipeline pipeline) =>
        parser.Bytes(_values.AsSpan(row * Width, Width));

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row, Span<float> scratch)
    {
        Gather(row, scratch, Panels.Width);
        return scratch[..Width];
    }

    /// <inheritdoc/>
    public override void Gather(int row, Span<float> panels, int stride) => ByteKernels.Scale(
        _values.AsSpan(row * Width, Width), scaling.Offsets, scaling.Scales, panels, stride);
}
