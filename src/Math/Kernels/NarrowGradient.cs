using System.Runtime.Intrinsics;

namespace Trainer.Kernels;

/// <summary>
/// The weight gradient of a panel with at most 16 outputs: the deltas are broadcast and the vectors run over the
/// inputs, so that no padding is computed. A tile is <c>[16 outputs][32 inputs]</c> and changes places with the rows of
/// the gradient, <c>[inputs][32 outputs]</c>. An FMA does not mind the order of its factors: the bits stay.
/// </summary>
internal static unsafe class NarrowGradient
{
    /// <summary>Floats of a tile.</summary>
    public const int TileLength = MostOutputs * Width;

    private const int MostOutputs = 16;
    private const int Width = Panels.Width;

    // Multiply-adds of a row of 32 that moving a tile costs.
    private const int Moves = 256;

    /// <summary>Whether this way is the faster.</summary>
    /// <param name="outputs">Outputs of the panel.</param>
    /// <param name="inputs">Inputs of the tile, at most 32.</param>
    /// <param name="rows">Rows of the block.</param>
    public static bool Pays(int outputs, int inputs, int rows) =>
        outputs <= MostOutputs && (inputs - outputs) * rows > Moves;

    /// <summary>Computes the chains of a tile; the last one ends in the sum <paramref name="result"/>.</summary>
    /// <param name="x">A panel of inputs, [R][32].</param>
    /// <param name="d">The panel of deltas, [R][32].</param>
    /// <param name="segments">The chains in order.</param>
    /// <param name="tiles">The stack of sums, a tile each.</param>
    /// <param name="stride">Floats from one sum to the next.</param>
    /// <param name="result">Number of the sum.</param>
    /// <param name="outputs">Outputs of the panel.</param>
    public static void Run(
        float* x,
        float* d,
        ReadOnlySpan<GradientSegment> segments,
        float* tiles,
        int stride,
        int result,
        int outputs) =>
        MicroKernel.Run<ChainOverRows>(
            d, 0, x, segments, new TileMemory(null, tiles, stride, tiles + (result * stride)), outputs);

    /// <summary>Takes a sum from the gradient into a tile.</summary>
    /// <param name="sum">First row of the gradient, [inputs][32].</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="outputs">Outputs.</param>
    public static void Load(float* sum, int inputs, float* tile, int outputs) =>
        TransposeKernels.Tile(sum, inputs, outputs, tile);

    /// <summary>Puts a tile into the gradient, +0 in its padding.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="sum">First row of the gradient, [inputs][32].</param>
    /// <param name="inputs">Inputs.</param>
    public static void Store(float* tile, int outputs, float* sum, int inputs)
    {
        new Span<float>(tile + (outputs * Width), (MostOutputs - outputs) * Width).Clear();
        TransposeKernels.Tile(tile, MostOutputs, inputs, sum);
        for (float* padding = sum + MostOutputs; inputs > 0; inputs--, padding += Width)
        {
            Vector512<float>.Zero.Store(padding);
        }
    }
}
