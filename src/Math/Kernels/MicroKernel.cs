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

/// <summary>Register tiles of 8, 4 and 1 rows by two vectors.</summary>
internal static unsafe class MicroKernel
{
    private const int Width = Panels.Width;

    /// <summary>
    /// Computes <paramref name="rows"/> rows of 32 columns; adds the bias, when there is one, once at the end of each
    /// chain.
    /// </summary>
    /// <param name="a">Broadcast operand.</param>
    /// <param name="operand">Its strides and the chain's length.</param>
    /// <param name="b">Vector operand, [steps][32].</param>
    /// <param name="bias">32 values, or null.</param>
    /// <param name="c">Result, [rows][32].</param>
    /// <param name="rows">Rows of the result.</param>
    public static void Run(float* a, in BroadcastOperand operand, float* b, float* bias, float* c, int rows)
    {
        if (LaneWidth.Has512)
        {
            Run<Lanes512>(a, operand, b, bias, c, rows);
        }
        else if (LaneWidth.Has256)
        {
            Run<Lanes256>(a, operand, b, bias, c, rows);
        }
        else if (LaneWidth.Has128)
        {
            Run<Lanes128>(a, operand, b, bias, c, rows);
        }
        else
        {
            Run<Lanes1>(a, operand, b, bias, c, rows);
        }
    }

    private static void Run<T>(float* a, in BroadcastOperand operand, float* b, float* bias, float* c, int rows)
        where T : struct, ILanes<T>
    {
        int columns = 2 * T.Count;
        int row = 0;

        // Sixteen accumulators need the 32 registers of 512-bit code; narrower code has 16.
        for (; T.Count == 16 && row + 8 <= rows; row += 8)
        {
            Tile8<T>(a + (row * operand.TileStride), operand, b, bias, c + (row * Width));
        }

        for (; row + 4 <= rows; row += 4)
        {
            for (int column = 0; column < Width; column += columns)
            {
                Tile4<T>(a + (row * operand.TileStride), operand, b, bias, c + (row * Width), column);
            }
        }

        for (; row < rows; row++)
        {
            for (int column = 0; column < Width; column += columns)
            {
                Tile1<T>(a + (row * operand.TileStride), operand, b, bias, c + (row * Width), column);
            }
        }
    }

    private static void Tile8<T>(float* a, in BroadcastOperand operand, float* b, float* bias, float* c)
        where T : struct, ILanes<T>
    {
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
            float* end = low + (Math.Min(operand.Chunk, operand.Steps - done) * step);
            for (; low != end; low += step, high += step, b += Width)
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

        Finish(c00, c01, bias, c);
        Finish(c10, c11, bias, c + Width);
        Finish(c20, c21, bias, c + (2 * Width));
        Finish(c30, c31, bias, c + (3 * Width));
        Finish(c40, c41, bias, c + (4 * Width));
        Finish(c50, c51, bias, c + (5 * Width));
        Finish(c60, c61, bias, c + (6 * Width));
        Finish(c70, c71, bias, c + (7 * Width));
    }

    private static void Tile4<T>(float* a, in BroadcastOperand operand, float* b, float* bias, float* c, int column)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        c += column;
        if (operand.Continues)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + Width), T.Load(c + Width + T.Count));
            (c20, c21) = (T.Load(c + (2 * Width)), T.Load(c + (2 * Width) + T.Count));
            (c30, c31) = (T.Load(c + (3 * Width)), T.Load(c + (3 * Width) + T.Count));
        }

        nint tile = operand.TileStride;
        nint step = operand.StepStride;
        b += column;
        for (int done = 0; done < operand.Steps; done += operand.Chunk, a += operand.ChunkStride)
        {
            float* low = a;
            float* end = low + (Math.Min(operand.Chunk, operand.Steps - done) * step);
            for (; low != end; low += step, b += Width)
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

        bias = bias is null ? bias : bias + column;
        Finish(c00, c01, bias, c);
        Finish(c10, c11, bias, c + Width);
        Finish(c20, c21, bias, c + (2 * Width));
        Finish(c30, c31, bias, c + (3 * Width));
    }

    private static void Tile1<T>(float* a, in BroadcastOperand operand, float* b, float* bias, float* c, int column)
        where T : struct, ILanes<T>
    {
        c += column;
        T c0 = operand.Continues ? T.Load(c) : T.Broadcast(0f);
        T c1 = operand.Continues ? T.Load(c + T.Count) : T.Broadcast(0f);
        nint step = operand.StepStride;
        b += column;
        for (int done = 0; done < operand.Steps; done += operand.Chunk, a += operand.ChunkStride)
        {
            float* low = a;
            float* end = low + (Math.Min(operand.Chunk, operand.Steps - done) * step);
            for (; low != end; low += step, b += Width)
            {
                T x = T.Broadcast(low[0]);
                c0 = T.MultiplyAdd(x, T.Load(b), c0);
                c1 = T.MultiplyAdd(x, T.Load(b + T.Count), c1);
            }
        }

        Finish(c0, c1, bias is null ? bias : bias + column, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<T>(T first, T second, float* bias, float* c)
        where T : struct, ILanes<T>
    {
        if (bias is not null)
        {
            first = T.Add(first, T.Load(bias));
            second = T.Add(second, T.Load(bias + T.Count));
        }

        T.Store(first, c);
        T.Store(second, c + T.Count);
    }
}
