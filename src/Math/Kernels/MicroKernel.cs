using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

/// <summary>
/// The one product of the core: rows of 32 columns, <c>c[t, j] = chain over s ascending of fma(a[t, s], b[s, j], c),
/// from +0</c>. All three products of a layer are this one with other strides of a; b and c always stand in rows of 32
/// contiguous floats.
/// </summary>
/// <remarks>a[t, s] lies at <c>a + t * TileStride + (s / Chunk) * ChunkStride + (s % Chunk) * StepStride</c>.</remarks>
/// <param name="TileStride">Floats from one row of the tile to the next.</param>
/// <param name="StepStride">Floats from one step of the chain to the next, within a chunk.</param>
/// <param name="Chunk">Steps of a chunk.</param>
/// <param name="ChunkStride">Floats from one chunk to the next.</param>
/// <param name="Steps">Length of the chain.</param>
/// <param name="Continues">The chain goes on from what c holds instead of +0 (numerics A5).</param>
internal readonly record struct BroadcastOperand(
    nint TileStride, nint StepStride, int Chunk, nint ChunkStride, int Steps, bool Continues = false);

/// <summary>What happens to a finished chain before it is stored.</summary>
/// <param name="bias">32 values, added once; null: none.</param>
/// <param name="merges">
/// Left siblings on the stack of tiles below the result, added one after the other from the top (numerics A3).
/// </param>
/// <param name="mergeStride">Floats from one tile of the stack to the next.</param>
/// <param name="target">Where the result goes, [rows][32].</param>
internal readonly unsafe struct ChainEnd(float* bias, int merges, nint mergeStride, float* target)
{
    public readonly float* Bias = bias;
    public readonly int Merges = merges;
    public readonly nint MergeStride = mergeStride;
    public readonly float* Target = target;
}

/// <summary>Register tiles of 8, 4 and 1 rows by two vectors.</summary>
internal static unsafe class MicroKernel
{
    private const int Width = Panels.Width;

    /// <summary>Computes <paramref name="rows"/> rows of 32 columns.</summary>
    /// <param name="a">Broadcast operand.</param>
    /// <param name="operand">Its strides and the chain's length.</param>
    /// <param name="b">Vector operand, [steps][32].</param>
    /// <param name="c">
    /// What the chains continue from, and the top of the stack of tiles that they are merged with, [rows][32].
    /// </param>
    /// <param name="end">Bias, merges and where the result goes.</param>
    /// <param name="rows">Rows of the result.</param>
    public static void Run(float* a, in BroadcastOperand operand, float* b, float* c, in ChainEnd end, int rows)
    {
        if (LaneWidth.Has512)
        {
            Run<Lanes512>(a, operand, b, c, end, rows);
        }
        else if (LaneWidth.Has256)
        {
            Run<Lanes256>(a, operand, b, c, end, rows);
        }
        else if (LaneWidth.Has128)
        {
            Run<Lanes128>(a, operand, b, c, end, rows);
        }
        else
        {
            Run<Lanes1>(a, operand, b, c, end, rows);
        }
    }

    private static void Run<T>(float* a, in BroadcastOperand operand, float* b, float* c, in ChainEnd end, int rows)
        where T : struct, ILanes<T>
    {
        int columns = 2 * T.Count;
        int row = 0;

        // Sixteen accumulators need the 32 registers of 512-bit code; narrower code has 16.
        for (; T.Count == 16 && row + 8 <= rows; row += 8)
        {
            Tile8<T>(a + (row * operand.TileStride), operand, b, c, end, row * Width);
        }

        for (; row + 4 <= rows; row += 4)
        {
            for (int column = 0; column < Width; column += columns)
            {
                Tile4<T>(a + (row * operand.TileStride), operand, b + column, c, end, (row * Width) + column);
            }
        }

        for (; row < rows; row++)
        {
            for (int column = 0; column < Width; column += columns)
            {
                Tile1<T>(a + (row * operand.TileStride), operand, b + column, c, end, (row * Width) + column);
            }
        }
    }

    // offset: of the tile's first element in c and in the result.
    private static void Tile8<T>(
        float* a, in BroadcastOperand operand, float* b, float* c, in ChainEnd end, int offset)
        where T : struct, ILanes<T>
    {
        c += offset;
        T zero = T.Broadcast(0f);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        T c40 = zero, c41 = zero, c50 = zero, c51 = zero, c60 = zero, c61 = zero, c70 = zero, c71 = zero;
        if (operand.Continues)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + Width), T.Load(c + Width + T.Count));
            (c20, c21) = (T.Load(c + (2 * Width)), T.Load(c + (2 * Width) + T.Count));
            (c30, c31) = (T.Load(c + (3 * Width)), T.Load(c + (3 * Width) + T.Count));
            (c40, c41) = (T.Load(c + (4 * Width)), T.Load(c + (4 * Width) + T.Count));
            (c50, c51) = (T.Load(c + (5 * Width)), T.Load(c + (5 * Width) + T.Count));
            (c60, c61) = (T.Load(c + (6 * Width)), T.Load(c + (6 * Width) + T.Count));
            (c70, c71) = (T.Load(c + (7 * Width)), T.Load(c + (7 * Width) + T.Count));
        }

        nint tile = operand.TileStride;
        nint step = operand.StepStride;
        for (int done = 0; done < operand.Steps; done += operand.Chunk, a += operand.ChunkStride)
        {
            float* low = a;
            float* high = a + (4 * tile);
            float* last = low + (Math.Min(operand.Chunk, operand.Steps - done) * step);
            for (; low != last; low += step, high += step, b += Width)
            {
                T b0 = T.Load(b);
                T b1 = T.Load(b + T.Count);
                T x = T.Broadcast(low[0]);
                c00 = T.MultiplyAdd(x, b0, c00);
                c01 = T.MultiplyAdd(x, b1, c01);
                x = T.Broadcast(low[tile]);
                c10 = T.MultiplyAdd(x, b0, c10);
                c11 = T.MultiplyAdd(x, b1, c11);
                x = T.Broadcast(low[2 * tile]);
                c20 = T.MultiplyAdd(x, b0, c20);
                c21 = T.MultiplyAdd(x, b1, c21);
                x = T.Broadcast(low[3 * tile]);
                c30 = T.MultiplyAdd(x, b0, c30);
                c31 = T.MultiplyAdd(x, b1, c31);
                x = T.Broadcast(high[0]);
                c40 = T.MultiplyAdd(x, b0, c40);
                c41 = T.MultiplyAdd(x, b1, c41);
                x = T.Broadcast(high[tile]);
                c50 = T.MultiplyAdd(x, b0, c50);
                c51 = T.MultiplyAdd(x, b1, c51);
                x = T.Broadcast(high[2 * tile]);
                c60 = T.MultiplyAdd(x, b0, c60);
                c61 = T.MultiplyAdd(x, b1, c61);
                x = T.Broadcast(high[3 * tile]);
                c70 = T.MultiplyAdd(x, b0, c70);
                c71 = T.MultiplyAdd(x, b1, c71);
            }
        }

        if (end.Bias is not null)
        {
            float* bias = end.Bias + (offset % Width);
            (T bias0, T bias1) = (T.Load(bias), T.Load(bias + T.Count));
            (c00, c01) = (T.Add(c00, bias0), T.Add(c01, bias1));
            (c10, c11) = (T.Add(c10, bias0), T.Add(c11, bias1));
            (c20, c21) = (T.Add(c20, bias0), T.Add(c21, bias1));
            (c30, c31) = (T.Add(c30, bias0), T.Add(c31, bias1));
            (c40, c41) = (T.Add(c40, bias0), T.Add(c41, bias1));
            (c50, c51) = (T.Add(c50, bias0), T.Add(c51, bias1));
            (c60, c61) = (T.Add(c60, bias0), T.Add(c61, bias1));
            (c70, c71) = (T.Add(c70, bias0), T.Add(c71, bias1));
        }

        for (int merge = 0; merge < end.Merges; merge++)
        {
            c -= end.MergeStride;
            Merge(c, ref c00, ref c01);
            Merge(c + Width, ref c10, ref c11);
            Merge(c + (2 * Width), ref c20, ref c21);
            Merge(c + (3 * Width), ref c30, ref c31);
            Merge(c + (4 * Width), ref c40, ref c41);
            Merge(c + (5 * Width), ref c50, ref c51);
            Merge(c + (6 * Width), ref c60, ref c61);
            Merge(c + (7 * Width), ref c70, ref c71);
        }

        float* target = end.Target + offset;
        Store(c00, c01, target);
        Store(c10, c11, target + Width);
        Store(c20, c21, target + (2 * Width));
        Store(c30, c31, target + (3 * Width));
        Store(c40, c41, target + (4 * Width));
        Store(c50, c51, target + (5 * Width));
        Store(c60, c61, target + (6 * Width));
        Store(c70, c71, target + (7 * Width));
    }

    private static void Tile4<T>(
        float* a, in BroadcastOperand operand, float* b, float* c, in ChainEnd end, int offset)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        c += offset;
        if (operand.Continues)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + Width), T.Load(c + Width + T.Count));
            (c20, c21) = (T.Load(c + (2 * Width)), T.Load(c + (2 * Width) + T.Count));
            (c30, c31) = (T.Load(c + (3 * Width)), T.Load(c + (3 * Width) + T.Count));
        }

        nint tile = operand.TileStride;
        nint step = operand.StepStride;
        for (int done = 0; done < operand.Steps; done += operand.Chunk, a += operand.ChunkStride)
        {
            float* low = a;
            float* last = low + (Math.Min(operand.Chunk, operand.Steps - done) * step);
            for (; low != last; low += step, b += Width)
            {
                T b0 = T.Load(b);
                T b1 = T.Load(b + T.Count);
                T x = T.Broadcast(low[0]);
                c00 = T.MultiplyAdd(x, b0, c00);
                c01 = T.MultiplyAdd(x, b1, c01);
                x = T.Broadcast(low[tile]);
                c10 = T.MultiplyAdd(x, b0, c10);
                c11 = T.MultiplyAdd(x, b1, c11);
                x = T.Broadcast(low[2 * tile]);
                c20 = T.MultiplyAdd(x, b0, c20);
                c21 = T.MultiplyAdd(x, b1, c21);
                x = T.Broadcast(low[3 * tile]);
                c30 = T.MultiplyAdd(x, b0, c30);
                c31 = T.MultiplyAdd(x, b1, c31);
            }
        }

        if (end.Bias is not null)
        {
            float* bias = end.Bias + (offset % Width);
            (T bias0, T bias1) = (T.Load(bias), T.Load(bias + T.Count));
            (c00, c01) = (T.Add(c00, bias0), T.Add(c01, bias1));
            (c10, c11) = (T.Add(c10, bias0), T.Add(c11, bias1));
            (c20, c21) = (T.Add(c20, bias0), T.Add(c21, bias1));
            (c30, c31) = (T.Add(c30, bias0), T.Add(c31, bias1));
        }

        for (int merge = 0; merge < end.Merges; merge++)
        {
            c -= end.MergeStride;
            Merge(c, ref c00, ref c01);
            Merge(c + Width, ref c10, ref c11);
            Merge(c + (2 * Width), ref c20, ref c21);
            Merge(c + (3 * Width), ref c30, ref c31);
        }

        float* target = end.Target + offset;
        Store(c00, c01, target);
        Store(c10, c11, target + Width);
        Store(c20, c21, target + (2 * Width));
        Store(c30, c31, target + (3 * Width));
    }

    private static void Tile1<T>(
        float* a, in BroadcastOperand operand, float* b, float* c, in ChainEnd end, int offset)
        where T : struct, ILanes<T>
    {
        c += offset;
        T c0 = operand.Continues ? T.Load(c) : T.Broadcast(0f);
        T c1 = operand.Continues ? T.Load(c + T.Count) : T.Broadcast(0f);
        nint step = operand.StepStride;
        for (int done = 0; done < operand.Steps; done += operand.Chunk, a += operand.ChunkStride)
        {
            float* low = a;
            float* last = low + (Math.Min(operand.Chunk, operand.Steps - done) * step);
            for (; low != last; low += step, b += Width)
            {
                T x = T.Broadcast(low[0]);
                c0 = T.MultiplyAdd(x, T.Load(b), c0);
                c1 = T.MultiplyAdd(x, T.Load(b + T.Count), c1);
            }
        }

        if (end.Bias is not null)
        {
            float* bias = end.Bias + (offset % Width);
            (c0, c1) = (T.Add(c0, T.Load(bias)), T.Add(c1, T.Load(bias + T.Count)));
        }

        for (int merge = 0; merge < end.Merges; merge++)
        {
            c -= end.MergeStride;
            Merge(c, ref c0, ref c1);
        }

        Store(c0, c1, end.Target + offset);
    }

    // left + right, one rounded addition.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge<T>(float* left, ref T first, ref T second)
        where T : struct, ILanes<T>
    {
        first = T.Add(T.Load(left), first);
        second = T.Add(T.Load(left + T.Count), second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(T first, T second, float* target)
        where T : struct, ILanes<T>
    {
        T.Store(first, target);
        T.Store(second, target + T.Count);
    }
}
