using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Trainer.Kernels;

/// <summary>
/// One register tile, written once for all heights and widths: up to 14 rows by two vectors, each row a pair of
/// accumulators with names of their own, as the compiler keeps only those in registers. Conditions on the height are
/// constants to it: what a lower tile does not use is not there.
/// </summary>
/// <typeparam name="T">The vector.</typeparam>
/// <typeparam name="H">Rows of the tile.</typeparam>
/// <typeparam name="A">How the broadcast operand lies.</typeparam>
internal static unsafe class RegisterTile<T, H, A>
    where T : struct, ILanes<T>
    where H : struct, ITileHeight
    where A : struct, IBroadcastOrder
{
    private const int Width = Panels.Width;

    /// <summary>Runs all chains of the tile.</summary>
    /// <param name="a">Broadcast operand of the tile's first row.</param>
    /// <param name="chunkStride">Floats from one chunk of it to the next.</param>
    /// <param name="b">Vector operand from the tile's first column on, [steps][32].</param>
    /// <param name="segments">The chains in order.</param>
    /// <param name="memory">Bias, stack and where the result goes.</param>
    /// <param name="offset">Of the tile's first element in a sum of the stack and in the result.</param>
    public static void Run(
        float* a, nint chunkStride, float* b, ReadOnlySpan<GradientSegment> segments, in TileMemory memory, int offset)
    {
        T zero = T.Broadcast(0f);
        T c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero, c4 = zero, d4 = zero;
        T c5 = zero, d5 = zero, c6 = zero, d6 = zero, c7 = zero, d7 = zero, c8 = zero, d8 = zero, c9 = zero, d9 = zero;
        T c10 = zero, d10 = zero, c11 = zero, d11 = zero, c12 = zero, d12 = zero, c13 = zero, d13 = zero;
        nint tile = A.TileStride;
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly GradientSegment segment = ref segments[i];
            float* c = memory.Stack + (segment.Depth * memory.StackStride) + offset;
            if (segment.Continues)
            {
                Load(H.Rows > 0, c, ref c0, ref d0);
                Load(H.Rows > 1, c + Width, ref c1, ref d1);
                Load(H.Rows > 2, c + (2 * Width), ref c2, ref d2);
                Load(H.Rows > 3, c + (3 * Width), ref c3, ref d3);
                Load(H.Rows > 4, c + (4 * Width), ref c4, ref d4);
                Load(H.Rows > 5, c + (5 * Width), ref c5, ref d5);
                Load(H.Rows > 6, c + (6 * Width), ref c6, ref d6);
                Load(H.Rows > 7, c + (7 * Width), ref c7, ref d7);
                Load(H.Rows > 8, c + (8 * Width), ref c8, ref d8);
                Load(H.Rows > 9, c + (9 * Width), ref c9, ref d9);
                Load(H.Rows > 10, c + (10 * Width), ref c10, ref d10);
                Load(H.Rows > 11, c + (11 * Width), ref c11, ref d11);
                Load(H.Rows > 12, c + (12 * Width), ref c12, ref d12);
                Load(H.Rows > 13, c + (13 * Width), ref c13, ref d13);
            }
            else
            {
                c0 = d0 = c1 = d1 = c2 = d2 = c3 = d3 = c4 = d4 = c5 = d5 = c6 = d6 = zero;
                c7 = d7 = c8 = d8 = c9 = d9 = c10 = d10 = c11 = d11 = c12 = d12 = c13 = d13 = zero;
            }

            float* chunk = a + (segment.FirstRow * A.StepStride);
            float* next = b + ((nint)segment.FirstRow * Width);
            for (int left = segment.RowCount; left > 0; left -= A.Chunk, chunk += chunkStride)
            {
                float* low = chunk;
                float* ahead = left > A.Chunk ? chunk + chunkStride : chunk;
                float* end = next + ((nint)Math.Min(A.Chunk, left) * Width);
                // Two steps a round: more would be too much for the compiler to inline.
                for (; end - next >= 2 * Width; low += 2 * A.StepStride, next += 2 * Width)
                {
                    if (A.Chunk == Width && Sse.IsSupported)
                    {
                        // A row of the next chunk, which lies too far away for the processor to see it coming.
                        Sse.Prefetch0(ahead);
                        Sse.Prefetch0(ahead + (Width / 2));
                        ahead += Width;
                    }

                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    Step(H.Rows > 0, low, b0, b1, ref c0, ref d0);
                    Step(H.Rows > 1, low + tile, b0, b1, ref c1, ref d1);
                    Step(H.Rows > 2, low + (2 * tile), b0, b1, ref c2, ref d2);
                    Step(H.Rows > 3, low + (3 * tile), b0, b1, ref c3, ref d3);
                    Step(H.Rows > 4, low + (4 * tile), b0, b1, ref c4, ref d4);
                    Step(H.Rows > 5, low + (5 * tile), b0, b1, ref c5, ref d5);
                    Step(H.Rows > 6, low + (6 * tile), b0, b1, ref c6, ref d6);
                    Step(H.Rows > 7, low + (7 * tile), b0, b1, ref c7, ref d7);
                    Step(H.Rows > 8, low + (8 * tile), b0, b1, ref c8, ref d8);
                    Step(H.Rows > 9, low + (9 * tile), b0, b1, ref c9, ref d9);
                    Step(H.Rows > 10, low + (10 * tile), b0, b1, ref c10, ref d10);
                    Step(H.Rows > 11, low + (11 * tile), b0, b1, ref c11, ref d11);
                    Step(H.Rows > 12, low + (12 * tile), b0, b1, ref c12, ref d12);
                    Step(H.Rows > 13, low + (13 * tile), b0, b1, ref c13, ref d13);
                    b0 = T.Load(next + Width);
                    b1 = T.Load(next + Width + T.Count);
                    float* second = low + A.StepStride;
                    Step(H.Rows > 0, second, b0, b1, ref c0, ref d0);
                    Step(H.Rows > 1, second + tile, b0, b1, ref c1, ref d1);
                    Step(H.Rows > 2, second + (2 * tile), b0, b1, ref c2, ref d2);
                    Step(H.Rows > 3, second + (3 * tile), b0, b1, ref c3, ref d3);
                    Step(H.Rows > 4, second + (4 * tile), b0, b1, ref c4, ref d4);
                    Step(H.Rows > 5, second + (5 * tile), b0, b1, ref c5, ref d5);
                    Step(H.Rows > 6, second + (6 * tile), b0, b1, ref c6, ref d6);
                    Step(H.Rows > 7, second + (7 * tile), b0, b1, ref c7, ref d7);
                    Step(H.Rows > 8, second + (8 * tile), b0, b1, ref c8, ref d8);
                    Step(H.Rows > 9, second + (9 * tile), b0, b1, ref c9, ref d9);
                    Step(H.Rows > 10, second + (10 * tile), b0, b1, ref c10, ref d10);
                    Step(H.Rows > 11, second + (11 * tile), b0, b1, ref c11, ref d11);
                    Step(H.Rows > 12, second + (12 * tile), b0, b1, ref c12, ref d12);
                    Step(H.Rows > 13, second + (13 * tile), b0, b1, ref c13, ref d13);
                }

                if (next != end)
                {
                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    Step(H.Rows > 0, low, b0, b1, ref c0, ref d0);
                    Step(H.Rows > 1, low + tile, b0, b1, ref c1, ref d1);
                    Step(H.Rows > 2, low + (2 * tile), b0, b1, ref c2, ref d2);
                    Step(H.Rows > 3, low + (3 * tile), b0, b1, ref c3, ref d3);
                    Step(H.Rows > 4, low + (4 * tile), b0, b1, ref c4, ref d4);
                    Step(H.Rows > 5, low + (5 * tile), b0, b1, ref c5, ref d5);
                    Step(H.Rows > 6, low + (6 * tile), b0, b1, ref c6, ref d6);
                    Step(H.Rows > 7, low + (7 * tile), b0, b1, ref c7, ref d7);
                    Step(H.Rows > 8, low + (8 * tile), b0, b1, ref c8, ref d8);
                    Step(H.Rows > 9, low + (9 * tile), b0, b1, ref c9, ref d9);
                    Step(H.Rows > 10, low + (10 * tile), b0, b1, ref c10, ref d10);
                    Step(H.Rows > 11, low + (11 * tile), b0, b1, ref c11, ref d11);
                    Step(H.Rows > 12, low + (12 * tile), b0, b1, ref c12, ref d12);
                    Step(H.Rows > 13, low + (13 * tile), b0, b1, ref c13, ref d13);
                    next += Width;
                }
            }

            for (int merge = 0; merge < segment.Merges; merge++)
            {
                c -= memory.StackStride;
                Merge(H.Rows > 0, c, ref c0, ref d0);
                Merge(H.Rows > 1, c + Width, ref c1, ref d1);
                Merge(H.Rows > 2, c + (2 * Width), ref c2, ref d2);
                Merge(H.Rows > 3, c + (3 * Width), ref c3, ref d3);
                Merge(H.Rows > 4, c + (4 * Width), ref c4, ref d4);
                Merge(H.Rows > 5, c + (5 * Width), ref c5, ref d5);
                Merge(H.Rows > 6, c + (6 * Width), ref c6, ref d6);
                Merge(H.Rows > 7, c + (7 * Width), ref c7, ref d7);
                Merge(H.Rows > 8, c + (8 * Width), ref c8, ref d8);
                Merge(H.Rows > 9, c + (9 * Width), ref c9, ref d9);
                Merge(H.Rows > 10, c + (10 * Width), ref c10, ref d10);
                Merge(H.Rows > 11, c + (11 * Width), ref c11, ref d11);
                Merge(H.Rows > 12, c + (12 * Width), ref c12, ref d12);
                Merge(H.Rows > 13, c + (13 * Width), ref c13, ref d13);
            }

            c = i == segments.Length - 1 ? memory.Result + offset : c;
            if (memory.Bias is not null)
            {
                float* bias = memory.Bias + (offset % Width);
                (T bias0, T bias1) = (T.Load(bias), T.Load(bias + T.Count));
                Add(H.Rows > 0, bias0, bias1, ref c0, ref d0);
                Add(H.Rows > 1, bias0, bias1, ref c1, ref d1);
                Add(H.Rows > 2, bias0, bias1, ref c2, ref d2);
                Add(H.Rows > 3, bias0, bias1, ref c3, ref d3);
                Add(H.Rows > 4, bias0, bias1, ref c4, ref d4);
                Add(H.Rows > 5, bias0, bias1, ref c5, ref d5);
                Add(H.Rows > 6, bias0, bias1, ref c6, ref d6);
                Add(H.Rows > 7, bias0, bias1, ref c7, ref d7);
                Add(H.Rows > 8, bias0, bias1, ref c8, ref d8);
                Add(H.Rows > 9, bias0, bias1, ref c9, ref d9);
                Add(H.Rows > 10, bias0, bias1, ref c10, ref d10);
                Add(H.Rows > 11, bias0, bias1, ref c11, ref d11);
                Add(H.Rows > 12, bias0, bias1, ref c12, ref d12);
                Add(H.Rows > 13, bias0, bias1, ref c13, ref d13);
            }

            Store(H.Rows > 0, c0, d0, c);
            Store(H.Rows > 1, c1, d1, c + Width);
            Store(H.Rows > 2, c2, d2, c + (2 * Width));
            Store(H.Rows > 3, c3, d3, c + (3 * Width));
            Store(H.Rows > 4, c4, d4, c + (4 * Width));
            Store(H.Rows > 5, c5, d5, c + (5 * Width));
            Store(H.Rows > 6, c6, d6, c + (6 * Width));
            Store(H.Rows > 7, c7, d7, c + (7 * Width));
            Store(H.Rows > 8, c8, d8, c + (8 * Width));
            Store(H.Rows > 9, c9, d9, c + (9 * Width));
            Store(H.Rows > 10, c10, d10, c + (10 * Width));
            Store(H.Rows > 11, c11, d11, c + (11 * Width));
            Store(H.Rows > 12, c12, d12, c + (12 * Width));
            Store(H.Rows > 13, c13, d13, c + (13 * Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(bool used, float* source, ref T first, ref T second)
    {
        if (used)
        {
            first = T.Load(source);
            second = T.Load(source + T.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(bool used, float* factor, T b0, T b1, ref T first, ref T second)
    {
        if (used)
        {
            T x = T.Broadcast(*factor);
            first = T.MultiplyAdd(x, b0, first);
            second = T.MultiplyAdd(x, b1, second);
        }
    }

    // left + right, one rounded addition.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(bool used, float* left, ref T first, ref T second)
    {
        if (used)
        {
            first = T.Add(first, T.Load(left));
            second = T.Add(second, T.Load(left + T.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(bool used, T bias0, T bias1, ref T first, ref T second)
    {
        if (used)
        {
            first = T.Add(first, bias0);
            second = T.Add(second, bias1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(bool used, T first, T second, float* target)
    {
        if (used)
        {
            T.Store(first, target);
            T.Store(second, target + T.Count);
        }
    }
}
