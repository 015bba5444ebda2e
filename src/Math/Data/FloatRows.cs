using Trainer.Kernels;
using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>Features as the network takes them.</summary>
/// <param name="values">Row-major [n, I].</param>
/// <param name="width">I.</param>
internal sealed class FloatRows(float[] values, int width) : FeatureRows(width)
{
    /// <inheritdoc/>
    public override long Bytes => (long)values.Length * sizeof(float);

    /// <inheritdoc/>
    public override void Read(int row, RowParser parser, FittedPipeline pipeline) =>
        parser.Features(pipeline, values.AsSpan(row * Width, Width));

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int row, Span<float> scratch) => values.AsSpan(row * Width, Width);

    /// <inheritdoc/>
    public override void Gather(int row, Span<float> panels, int stride)
    {
        ReadOnlySpan<float> features = values.AsSpan(row * Width, Width);
        for (; features.Length > Panels.Width; features = features[Panels.Width..])
        {
            features[..Panels.Width].CopyTo(panels);
            panels = panels[stride..];
        }

        // Lanes past the last feature keep what they hold: no chain runs over them.
        features.CopyTo(panels);
    }
}
