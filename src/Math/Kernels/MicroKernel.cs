namespace Trainer.Kernels;

/// <summary>How the broadcast operand of a product lies in its panels; all are constants to the compiler.</summary>
/// <remarks>
/// a[t, s], row t of the tile and step s of the chain, lies at
/// <c>a + t * TileStride + (s / Chunk) * chunkStride + (s % Chunk) * StepStride</c>.
/// </remarks>
internal interface IBroadcastOrder
{
    /// <summary>Floats from one row of the tile to the next.</summary>
    static abstract int TileStride { get; }

    /// <summary>Floats from one step of the chain to the next, within a chunk.</summary>
    static abstract int StepStride { get; }

    /// <summary>Steps of a chunk: those that lie in one panel.</summary>
    static abstract int Chunk { get; }
}

/// <summary>The chain runs over the columns of a matrix in panels, the tile over its rows.</summary>
internal readonly struct ChainOverColumns : IBroadcastOrder
{
    public static int TileStride => Panels.Width;

    public static int StepStride => 1;

    public static int Chunk => Panels.Width;
}

/// <summary>The chain runs over the rows of one panel, the tile over its columns.</summary>
internal readonly struct ChainOverRows : IBroadcastOrder
{
    public static int TileStride => 1;

    public static int StepStride => Panels.Width;

    public static int Chunk => int.MaxValue;
}

/// <summary>One value for all: with 1 the chains are sums, as <c>fma(1, b, c)</c> is <c>c + b</c>.</summary>
internal readonly struct OneValue : IBroadcastOrder
{
    public static int TileStride => 0;

    public static int StepStride => 0;

    public static int Chunk => int.MaxValue;
}

/// <summary>Where a tile's chains begin and end.</summary>
/// <param name="bias">32 values, added once to the finished chains; null: none.</param>
/// <param name="stack">The stack of sums (numerics A3), each a tile of rows of 32 columns.</param>
/// <param name="stackStride">Floats from one sum of the stack to the next.</param>
/// <param name="result">Where the last chain ends, [rows][32]; all others end on the stack.</param>
internal readonly unsafe struct TileMemory(float* bias, float* stack, nint stackStride, float* result)
{
    public readonly float* Bias = bias;
    public readonly float* Stack = stack;
    public readonly nint StackStride = stackStride;
    public readonly float* Result = result;
}

/// <summary>
/// The one product of the core: rows of 32 columns, <c>c[t, j] = chain over s ascending of fma(a[t, s], b[s, j], c),
/// from +0</c>. All three products of a layer are this one with other orders of a; b and c always stand in rows of 32
/// contiguous floats. The rows are split evenly into register tiles.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>Rows of the highest tile.</summary>
    public const int MostRows = 14;

    private const int Width = Panels.Width;

    // Two accumulators a row, two vectors of b, one broadcast: 31 of the 32 registers of 512-bit code, 15 of 16.
    private static int Highest => LaneWidth.Has512 ? MostRows : 6;

    /// <summary>Rows of the next tile, so that all that are left are as even as can be.</summary>
    /// <param name="rows">Rows left, at least 1.</param>
    public static int NextHeight(int rows)
    {
        int tiles = (rows + Highest - 1) / Highest;
        return (rows + tiles - 1) / tiles;
    }

    /// <summary>Computes <paramref name="rows"/> rows of 32 columns.</summary>
    /// <typeparam name="A">How the broadcast operand lies.</typeparam>
    /// <param name="a">Broadcast operand.</param>
    /// <param name="chunkStride">Floats from one chunk of it to the next.</param>
    /// <param name="b">Vector operand, [steps][32].</param>
    /// <param name="segments">
    /// The chains in order, each over the steps from FirstRow on: a product has one, a weight gradient one a shard. A
    /// first step other than 0 must lie in the first chunk.
    /// </param>
    /// <param name="memory">Bias, stack and where the result goes.</param>
    /// <param name="rows">Rows of the result.</param>
    public static void Run<A>(
        float* a,
        nint chunkStride,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int rows)
        where A : struct, IBroadcastOrder
    {
        if (LaneWidth.Has512)
        {
            Run<Lanes512, A>(a, chunkStride, b, segments, memory, rows);
        }
        else if (LaneWidth.Has256)
        {
            Run<Lanes256, A>(a, chunkStride, b, segments, memory, rows);
        }
        else if (LaneWidth.Has128)
        {
            Run<Lanes128, A>(a, chunkStride, b, segments, memory, rows);
        }
        else
        {
            Run<Lanes1, A>(a, chunkStride, b, segments, memory, rows);
        }
    }

    private static void Run<T, A>(
        float* a,
        nint chunkStride,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int rows)
        where T : struct, ILanes<T>
        where A : struct, IBroadcastOrder
    {
        for (int row = 0, height; row < rows; row += height)
        {
            height = NextHeight(rows - row);
            for (int column = 0; column < Width; column += 2 * T.Count)
            {
                Run<T, A>(
                    height,
                    a + (row * A.TileStride),
                    chunkStride,
                    b + column,
                    segments,
                    memory,
                    (row * Width) + column);
            }
        }
    }

    private static void Run<T, A>(
        int height,
        float* a,
        nint chunkStride,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int offset)
        where T : struct, ILanes<T>
        where A : struct, IBroadcastOrder
    {
        switch (height)
        {
            case 1:
                RegisterTile<T, Rows1, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 2:
                RegisterTile<T, Rows2, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 3:
                RegisterTile<T, Rows3, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 4:
                RegisterTile<T, Rows4, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 5:
                RegisterTile<T, Rows5, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 6:
                RegisterTile<T, Rows6, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 7:
                RegisterTile<T, Rows7, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 8:
                RegisterTile<T, Rows8, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 9:
                RegisterTile<T, Rows9, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 10:
                RegisterTile<T, Rows10, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 11:
                RegisterTile<T, Rows11, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 12:
                RegisterTile<T, Rows12, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            case 13:
                RegisterTile<T, Rows13, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
            default:
                RegisterTile<T, Rows14, A>.Run(a, chunkStride, b, segments, memory, offset);
                break;
        }
    }
}
