using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>The features of rows, one after the other. Nothing changes once they are read.</summary>
/// <param name="width">Features of a row.</param>
internal abstract class FeatureRows(int width)
{
    /// <summary>Features of a row.</summary>
    public int Width { get; } = width;

    /// <summary>Bytes of memory.</summary>
    public abstract long Bytes { get; }

    /// <summary>Takes the row that a parser has in hand.</summary>
    /// <param name="row">Where it is kept.</param>
    /// <param name="parser">The parser.</param>
    /// <param name="pipeline">The preprocessing.</param>
    public abstract void Read(int row, RowParser parser, FittedPipeline pipeline);

    /// <summary>The features of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="scratch">Room for a row, which the result may lie in.</param>
    public abstract ReadOnlySpan<float> Row(int row, Span<float> scratch);

    /// <summary>Puts a row into its places in panels.</summary>
    /// <param name="row">The row.</param>
    /// <param name="panels">From the row's first place on.</param>
    /// <param name="stride">Floats from panel to panel.</param>
    public abstract void Gather(int row, Span<float> panels, int stride);
}
