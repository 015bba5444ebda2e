using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

/// <summary>
/// The one product of the core: rows of 32 columns, <c>c[t, j] = chain over s ascending of fma(a[t, s], b[s, j], c),
/// from +0</c>. All three products of a layer are this one with other strides of a; b and c always stand in rows of 32
/// contiguous floats.
/// </summary>
/// <remarks>
/// a[t, s] lies at <c>a + t * TileStride + (s / Chunk) * ChunkStride + (s % Chunk) * StepStride</c>.
/// </remarks>
/// <param name="TileStride">Floats from one row of the tile to the next.</param>
/// <param name="StepStride">Floats from one step of the chain to the next, within a chunk.</param>
/// <param name="Chunk">Steps of a chunk.</param>
/// <param name="ChunkStride">Floats from one chunk to the next.</param>
internal readonly record struct BroadcastOperand(nint TileStride, nint StepStride, int Chunk, nint ChunkStride);

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

/// <summary>Register tiles of 8, 4 and 1 rows by two vectors.</summary>
internal static unsafe class MicroKernel
{
    private const int Width = Panels.Width;

    /// <summary>Computes <paramref name="rows"/> rows of 32 columns.</summary>
    /// <param name="a">Broadcast operand.</param>
    /// <param name="operand">Its strides.</param>
    /// <param name="b">Vector operand, [steps][32].</param>
    /// <param name="segments">
    /// The chains in order, each over the steps from FirstRow on: a product has one, a weight gradient one a shard. A
    /// first step other than 0 must lie in the first chunk.
    /// </param>
    /// <param name="memory">Bias, stack and where the result goes.</param>
    /// <param name="rows">Rows of the result.</param>
    public static void Run(
        float* a,
        in BroadcastOperand operand,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int rows)
    {
        if (LaneWidth.Has512)
        {
            Run<Lanes512>(a, operand, b, segments, memory, rows);
        }
        else if (LaneWidth.Has256)
        {
            Run<Lanes256>(a, operand, b, segments, memory, rows);
        }
        else if (LaneWidth.Has128)
        {
            Run<Lanes128>(a, operand, b, segments, memory, rows);
        }
        else
        {
            Run<Lanes1>(a, operand, b, segments, memory, rows);
        }
    }

    private static void Run<T>(
        float* a,
        in BroadcastOperand operand,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int rows)
        where T : struct, ILanes<T>
    {
        int columns = 2 * T.Count;
        int row = 0;

        // Sixteen accumulators need the 32 registers of 512-bit code; narrower code has 16.
        for (; T.Count == 16 && row + 8 <= rows; row += 8)
        {
            Tile8<T>(a + (row * operand.TileStride), operand, b, segments, memory, row * Width);
        }

        for (; row + 4 <= rows; row += 4)
        {
            for (int column = 0; column < Width; column += columns)
            {
                float* lanes = b + column;
                Tile4<T>(a + (row * operand.TileStride), operand, lanes, segments, memory, (row * Width) + column);
            }
        }

        for (; row < rows; row++)
        {
            for (int column = 0; column < Width; column += columns)
            {
                float* lanes = b + column;
                Tile1<T>(a + (row * operand.TileStride), operand, lanes, segments, memory, (row * Width) + column);
            }
        }
    }

    // offset: of the tile's first element in a sum of the stack and in the result.
    private static void Tile8<T>(
        float* a,
        in BroadcastOperand operand,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int offset)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        T c40 = zero, c41 = zero, c50 = zero, c51 = zero, c60 = zero, c61 = zero, c70 = zero, c71 = zero;
        nint tile = operand.TileStride;
        nint step = operand.StepStride;
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly GradientSegment segment = ref segments[i];
            float* c = memory.Stack + (segment.Depth * memory.StackStride) + offset;
            if (segment.Continues)
            {
                Load(c, out c00, out c01);
                Load(c + Width, out c10, out c11);
                Load(c + (2 * Width), out c20, out c21);
                Load(c + (3 * Width), out c30, out c31);
                Load(c + (4 * Width), out c40, out c41);
                Load(c + (5 * Width), out c50, out c51);
                Load(c + (6 * Width), out c60, out c61);
                Load(c + (7 * Width), out c70, out c71);
            }
            else
            {
                c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = zero;
                c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = zero;
            }

            float* low = a + (segment.FirstRow * step);
            float* next = b + ((nint)segment.FirstRow * Width);
            for (int left = segment.RowCount; left > 0; left -= operand.Chunk, low += operand.ChunkStride)
            {
                float* x0 = low;
                float* x4 = low + (4 * tile);
                float* end = next + ((nint)Math.Min(operand.Chunk, left) * Width);
                for (; next != end; x0 += step, x4 += step, next += Width)
                {
                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    T x = T.Broadcast(x0[0]);
                    c00 = T.MultiplyAdd(x, b0, c00);
                    c01 = T.MultiplyAdd(x, b1, c01);
                    x = T.Broadcast(x0[tile]);
                    c10 = T.MultiplyAdd(x, b0, c10);
                    c11 = T.MultiplyAdd(x, b1, c11);
                    x = T.Broadcast(x0[2 * tile]);
                    c20 = T.MultiplyAdd(x, b0, c20);
                    c21 = T.MultiplyAdd(x, b1, c21);
                    x = T.Broadcast(x0[3 * tile]);
                    c30 = T.MultiplyAdd(x, b0, c30);
                    c31 = T.MultiplyAdd(x, b1, c31);
                    x = T.Broadcast(x4[0]);
                    c40 = T.MultiplyAdd(x, b0, c40);
                    c41 = T.MultiplyAdd(x, b1, c41);
                    x = T.Broadcast(x4[tile]);
                    c50 = T.MultiplyAdd(x, b0, c50);
                    c51 = T.MultiplyAdd(x, b1, c51);
                    x = T.Broadcast(x4[2 * tile]);
                    c60 = T.MultiplyAdd(x, b0, c60);
                    c61 = T.MultiplyAdd(x, b1, c61);
                    x = T.Broadcast(x4[3 * tile]);
                    c70 = T.MultiplyAdd(x, b0, c70);
                    c71 = T.MultiplyAdd(x, b1, c71);
                }
            }

            for (int merge = 0; merge < segment.Merges; merge++)
            {
                c -= memory.StackStride;
                Merge(c, ref c00, ref c01);
                Merge(c + Width, ref c10, ref c11);
                Merge(c + (2 * Width), ref c20, ref c21);
                Merge(c + (3 * Width), ref c30, ref c31);
                Merge(c + (4 * Width), ref c40, ref c41);
                Merge(c + (5 * Width), ref c50, ref c51);
                Merge(c + (6 * Width), ref c60, ref c61);
                Merge(c + (7 * Width), ref c70, ref c71);
            }

            c = i == segments.Length - 1 ? memory.Result + offset : c;
            if (memory.Bias is not null)
            {
                float* bias = memory.Bias + (offset % Width);
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

            Store(c00, c01, c);
            Store(c10, c11, c + Width);
            Store(c20, c21, c + (2 * Width));
            Store(c30, c31, c + (3 * Width));
            Store(c40, c41, c + (4 * Width));
            Store(c50, c51, c + (5 * Width));
            Store(c60, c61, c + (6 * Width));
            Store(c70, c71, c + (7 * Width));
        }
    }

    private static void Tile4<T>(
        float* a,
        in BroadcastOperand operand,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int offset)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        nint tile = operand.TileStride;
        nint step = operand.StepStride;
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly GradientSegment segment = ref segments[i];
            float* c = memory.Stack + (segment.Depth * memory.StackStride) + offset;
            if (segment.Continues)
            {
                Load(c, out c00, out c01);
                Load(c + Width, out c10, out c11);
                Load(c + (2 * Width), out c20, out c21);
                Load(c + (3 * Width), out c30, out c31);
            }
            else
            {
                c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = zero;
            }

            float* low = a + (segment.FirstRow * step);
            float* next = b + ((nint)segment.FirstRow * Width);
            for (int left = segment.RowCount; left > 0; left -= operand.Chunk, low += operand.ChunkStride)
            {
                float* x0 = low;
                float* end = next + ((nint)Math.Min(operand.Chunk, left) * Width);
                for (; next != end; x0 += step, next += Width)
                {
                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    T x = T.Broadcast(x0[0]);
                    c00 = T.MultiplyAdd(x, b0, c00);
                    c01 = T.MultiplyAdd(x, b1, c01);
                    x = T.Broadcast(x0[tile]);
                    c10 = T.MultiplyAdd(x, b0, c10);
                    c11 = T.MultiplyAdd(x, b1, c11);
                    x = T.Broadcast(x0[2 * tile]);
                    c20 = T.MultiplyAdd(x, b0, c20);
                    c21 = T.MultiplyAdd(x, b1, c21);
                    x = T.Broadcast(x0[3 * tile]);
                    c30 = T.MultiplyAdd(x, b0, c30);
                    c31 = T.MultiplyAdd(x, b1, c31);
                }
            }

            for (int merge = 0; merge < segment.Merges; merge++)
            {
                c -= memory.StackStride;
                Merge(c, ref c00, ref c01);
                Merge(c + Width, ref c10, ref c11);
                Merge(c + (2 * Width), ref c20, ref c21);
                Merge(c + (3 * Width), ref c30, ref c31);
            }

            c = i == segments.Length - 1 ? memory.Result + offset : c;
            if (memory.Bias is not null)
            {
                float* bias = memory.Bias + (offset % Width);
                (T bias0, T bias1) = (T.Load(bias), T.Load(bias + T.Count));
                (c00, c01) = (T.Add(c00, bias0), T.Add(c01, bias1));
                (c10, c11) = (T.Add(c10, bias0), T.Add(c11, bias1));
                (c20, c21) = (T.Add(c20, bias0), T.Add(c21, bias1));
                (c30, c31) = (T.Add(c30, bias0), T.Add(c31, bias1));
            }

            Store(c00, c01, c);
            Store(c10, c11, c + Width);
            Store(c20, c21, c + (2 * Width));
            Store(c30, c31, c + (3 * Width));
        }
    }

    private static void Tile1<T>(
        float* a,
        in BroadcastOperand operand,
        float* b,
        ReadOnlySpan<GradientSegment> segments,
        in TileMemory memory,
        int offset)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T c00 = zero, c01 = zero;
        nint tile = operand.TileStride;
        nint step = operand.StepStride;
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly GradientSegment segment = ref segments[i];
            float* c = memory.Stack + (segment.Depth * memory.StackStride) + offset;
            if (segment.Continues)
            {
                Load(c, out c00, out c01);
            }
            else
            {
                c00 = c01 = zero;
            }

            float* low = a + (segment.FirstRow * step);
            float* next = b + ((nint)segment.FirstRow * Width);
            for (int left = segment.RowCount; left > 0; left -= operand.Chunk, low += operand.ChunkStride)
            {
                float* x0 = low;
                float* end = next + ((nint)Math.Min(operand.Chunk, left) * Width);
                for (; next != end; x0 += step, next += Width)
                {
                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    T x = T.Broadcast(x0[0]);
                    c00 = T.MultiplyAdd(x, b0, c00);
                    c01 = T.MultiplyAdd(x, b1, c01);
                }
            }

            for (int merge = 0; merge < segment.Merges; merge++)
            {
                c -= memory.StackStride;
                Merge(c, ref c00, ref c01);
            }

            c = i == segments.Length - 1 ? memory.Result + offset : c;
            if (memory.Bias is not null)
            {
                float* bias = memory.Bias + (offset % Width);
                (T bias0, T bias1) = (T.Load(bias), T.Load(bias + T.Count));
                (c00, c01) = (T.Add(c00, bias0), T.Add(c01, bias1));
            }

            Store(c00, c01, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<T>(float* source, out T first, out T second)
        where T : struct, ILanes<T>
    {
        first = T.Load(source);
        second = T.Load(source + T.Count);
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
