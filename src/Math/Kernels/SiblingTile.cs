using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

/// <summary>
/// A register tile of a weight gradient for short shards: half as high as <see cref="RegisterTile{T, H, A}"/>, so that
/// the sums of two siblings have registers of their own and are added there, without the way through memory.
/// </summary>
/// <typeparam name="T">The vector.</typeparam>
/// <typeparam name="H">Rows of the tile, at most 7.</typeparam>
internal static unsafe class SiblingTile<T, H>
    where T : struct, ILanes<T>
    where H : struct, ITileHeight
{
    private const int Width = Panels.Width;

    /// <summary>Runs all chains of the tile.</summary>
    /// <param name="x">Inputs of the tile's first row, [steps][32].</param>
    /// <param name="d">The panel of deltas, [steps][32]; two vectors are a row.</param>
    /// <param name="segments">The chains in order.</param>
    /// <param name="memory">Stack and where the result goes; no bias.</param>
    public static void Run(float* x, float* d, ReadOnlySpan<GradientSegment> segments, in TileMemory memory)
    {
        T zero = T.Broadcast(0f);
        T c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        T c4 = zero, d4 = zero, c5 = zero, d5 = zero, c6 = zero, d6 = zero;
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly GradientSegment segment = ref segments[i];
            float* c = memory.Stack + (segment.Depth * memory.StackStride);
            if (segment.Continues)
            {
                Load(H.Rows > 0, c, ref c0, ref d0);
                Load(H.Rows > 1, c + Width, ref c1, ref d1);
                Load(H.Rows > 2, c + (2 * Width), ref c2, ref d2);
                Load(H.Rows > 3, c + (3 * Width), ref c3, ref d3);
                Load(H.Rows > 4, c + (4 * Width), ref c4, ref d4);
                Load(H.Rows > 5, c + (5 * Width), ref c5, ref d5);
                Load(H.Rows > 6, c + (6 * Width), ref c6, ref d6);
            }
            else
            {
                c0 = d0 = c1 = d1 = c2 = d2 = c3 = d3 = c4 = d4 = c5 = d5 = c6 = d6 = zero;
            }

            float* low = x + ((nint)segment.FirstRow * Width);
            float* next = d + ((nint)segment.FirstRow * Width);
            float* end = next + ((nint)segment.RowCount * Width);
            for (; end - next >= 2 * Width; low += 2 * Width, next += 2 * Width)
            {
                T b0 = T.Load(next);
                T b1 = T.Load(next + T.Count);
                Step(H.Rows > 0, low, b0, b1, ref c0, ref d0);
                Step(H.Rows > 1, low + 1, b0, b1, ref c1, ref d1);
                Step(H.Rows > 2, low + 2, b0, b1, ref c2, ref d2);
                Step(H.Rows > 3, low + 3, b0, b1, ref c3, ref d3);
                Step(H.Rows > 4, low + 4, b0, b1, ref c4, ref d4);
                Step(H.Rows > 5, low + 5, b0, b1, ref c5, ref d5);
                Step(H.Rows > 6, low + 6, b0, b1, ref c6, ref d6);
                b0 = T.Load(next + Width);
                b1 = T.Load(next + Width + T.Count);
                float* second = low + Width;
                Step(H.Rows > 0, second, b0, b1, ref c0, ref d0);
                Step(H.Rows > 1, second + 1, b0, b1, ref c1, ref d1);
                Step(H.Rows > 2, second + 2, b0, b1, ref c2, ref d2);
                Step(H.Rows > 3, second + 3, b0, b1, ref c3, ref d3);
                Step(H.Rows > 4, second + 4, b0, b1, ref c4, ref d4);
                Step(H.Rows > 5, second + 5, b0, b1, ref c5, ref d5);
                Step(H.Rows > 6, second + 6, b0, b1, ref c6, ref d6);
            }

            if (next != end)
            {
                T b0 = T.Load(next);
                T b1 = T.Load(next + T.Count);
                Step(H.Rows > 0, low, b0, b1, ref c0, ref d0);
                Step(H.Rows > 1, low + 1, b0, b1, ref c1, ref d1);
                Step(H.Rows > 2, low + 2, b0, b1, ref c2, ref d2);
                Step(H.Rows > 3, low + 3, b0, b1, ref c3, ref d3);
                Step(H.Rows > 4, low + 4, b0, b1, ref c4, ref d4);
                Step(H.Rows > 5, low + 5, b0, b1, ref c5, ref d5);
                Step(H.Rows > 6, low + 6, b0, b1, ref c6, ref d6);
            }

            int merges = segment.Merges;
            if (merges == 0 && i + 1 < segments.Length && segments[i + 1].Merges > 0)
            {
                ref readonly GradientSegment sibling = ref segments[++i];
                merges = sibling.Merges - 1;
                T e0 = zero, f0 = zero, e1 = zero, f1 = zero, e2 = zero, f2 = zero, e3 = zero, f3 = zero;
                T e4 = zero, f4 = zero, e5 = zero, f5 = zero, e6 = zero, f6 = zero;
                low = x + ((nint)sibling.FirstRow * Width);
                next = d + ((nint)sibling.FirstRow * Width);
                end = next + ((nint)sibling.RowCount * Width);
                for (; end - next >= 2 * Width; low += 2 * Width, next += 2 * Width)
                {
                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    Step(H.Rows > 0, low, b0, b1, ref e0, ref f0);
                    Step(H.Rows > 1, low + 1, b0, b1, ref e1, ref f1);
                    Step(H.Rows > 2, low + 2, b0, b1, ref e2, ref f2);
                    Step(H.Rows > 3, low + 3, b0, b1, ref e3, ref f3);
                    Step(H.Rows > 4, low + 4, b0, b1, ref e4, ref f4);
                    Step(H.Rows > 5, low + 5, b0, b1, ref e5, ref f5);
                    Step(H.Rows > 6, low + 6, b0, b1, ref e6, ref f6);
                    b0 = T.Load(next + Width);
                    b1 = T.Load(next + Width + T.Count);
                    float* second = low + Width;
                    Step(H.Rows > 0, second, b0, b1, ref e0, ref f0);
                    Step(H.Rows > 1, second + 1, b0, b1, ref e1, ref f1);
                    Step(H.Rows > 2, second + 2, b0, b1, ref e2, ref f2);
                    Step(H.Rows > 3, second + 3, b0, b1, ref e3, ref f3);
                    Step(H.Rows > 4, second + 4, b0, b1, ref e4, ref f4);
                    Step(H.Rows > 5, second + 5, b0, b1, ref e5, ref f5);
                    Step(H.Rows > 6, second + 6, b0, b1, ref e6, ref f6);
                }

                if (next != end)
                {
                    T b0 = T.Load(next);
                    T b1 = T.Load(next + T.Count);
                    Step(H.Rows > 0, low, b0, b1, ref e0, ref f0);
                    Step(H.Rows > 1, low + 1, b0, b1, ref e1, ref f1);
                    Step(H.Rows > 2, low + 2, b0, b1, ref e2, ref f2);
                    Step(H.Rows > 3, low + 3, b0, b1, ref e3, ref f3);
                    Step(H.Rows > 4, low + 4, b0, b1, ref e4, ref f4);
                    Step(H.Rows > 5, low + 5, b0, b1, ref e5, ref f5);
                    Step(H.Rows > 6, low + 6, b0, b1, ref e6, ref f6);
                }

                Add(H.Rows > 0, e0, f0, ref c0, ref d0);
                Add(H.Rows > 1, e1, f1, ref c1, ref d1);
                Add(H.Rows > 2, e2, f2, ref c2, ref d2);
                Add(H.Rows > 3, e3, f3, ref c3, ref d3);
                Add(H.Rows > 4, e4, f4, ref c4, ref d4);
                Add(H.Rows > 5, e5, f5, ref c5, ref d5);
                Add(H.Rows > 6, e6, f6, ref c6, ref d6);
            }

            for (; merges > 0; merges--)
            {
                c -= memory.StackStride;
                Merge(H.Rows > 0, c, ref c0, ref d0);
                Merge(H.Rows > 1, c + Width, ref c1, ref d1);
                Merge(H.Rows > 2, c + (2 * Width), ref c2, ref d2);
                Merge(H.Rows > 3, c + (3 * Width), ref c3, ref d3);
                Merge(H.Rows > 4, c + (4 * Width), ref c4, ref d4);
                Merge(H.Rows > 5, c + (5 * Width), ref c5, ref d5);
                Merge(H.Rows > 6, c + (6 * Width), ref c6, ref d6);
            }

            c = i == segments.Length - 1 ? memory.Result : c;
            Store(H.Rows > 0, c0, d0, c);
            Store(H.Rows > 1, c1, d1, c + Width);
            Store(H.Rows > 2, c2, d2, c + (2 * Width));
            Store(H.Rows > 3, c3, d3, c + (3 * Width));
            Store(H.Rows > 4, c4, d4, c + (4 * Width));
            Store(H.Rows > 5, c5, d5, c + (5 * Width));
            Store(H.Rows > 6, c6, d6, c + (6 * Width));
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
    private static void Add(bool used, T right0, T right1, ref T first, ref T second)
    {
        if (used)
        {
            first = T.Add(first, right0);
            second = T.Add(second, right1);
        }
    }

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
    private static void Store(bool used, T first, T second, float* target)
    {
        if (used)
        {
            T.Store(first, target);
            T.Store(second, target + T.Count);
        }
    }
}
