using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trainer.Kernels;

/// <summary>Rows of one logical shard in a block, and what becomes of their sum.</summary>
/// <param name="FirstRow">First row in the block.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="Depth">Where the sum stands on the stack before its merges; 0 is the bottom.</param>
/// <param name="Continues">The shard began in the block before.</param>
/// <param name="Merges">Left siblings below it that it is merged with, once the shard has ended.</param>
internal readonly record struct GradientSegment(int FirstRow, int RowCount, int Depth, bool Continues, int Merges);

/// <summary>
/// Weight and bias gradients of one output panel over all shards of a block, combined on a stack of sums (numerics A2,
/// A3). The stack is run tile by tile, so that partial sums stay in the first-level cache and most in registers.
/// </summary>
internal static unsafe class GradientTiles
{
    private const int Width = Panels.Width;

    // Sums no larger than the largest tile, so that the stack stays small.
    private const int TileLength = NarrowGradient.TileLength;

    [ThreadStatic]
    private static float[]? _stack;

    /// <summary>Runs the stack for one output panel.</summary>
    /// <param name="x">Inputs in panels, [I/32][R][32].</param>
    /// <param name="d">Deltas in panels, [O/32][R][32], padding lanes +0.</param>
    /// <param name="shape">Rows R of the buffers, inputs I, outputs O.</param>
    /// <param name="panel">The output panel.</param>
    /// <param name="segments">The block's shards in ascending order, at least one.</param>
    /// <param name="sums">
    /// The stack: whole flat gradients. Only this panel's elements of those that are alive before or after the block
    /// are read or written.
    /// </param>
    /// <param name="weights">Where the panel's weights begin in a flat gradient.</param>
    /// <param name="biases">Where the panel's biases begin; null: they are not wanted.</param>
    public static void Run(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> d,
        DenseShape shape,
        int panel,
        ReadOnlySpan<GradientSegment> segments,
        ReadOnlySpan<float[]> sums,
        int weights,
        int? biases)
    {
        (int rows, int inputs, int outputs) = shape;
        ThrowHelper.RequireLength(nameof(x), x.Length, Panels.Length(rows, inputs));
        ThrowHelper.RequireLength(nameof(d), d.Length, Panels.Length(rows, outputs));
        ThrowHelper.RequireRange(nameof(panel), panel, 1, Panels.Count(outputs));
        var block = new Block(segments, sums);
        foreach (GradientSegment segment in segments)
        {
            ThrowHelper.RequireRange("rows of a segment", segment.FirstRow, segment.RowCount, rows);
            ThrowHelper.RequireRange("depth of a segment", segment.Depth, 1, sums.Length);
        }

        int needed = (sums.Length * TileLength) + 16;
        float[] stack = _stack is { } held && held.Length >= needed
            ? held
            : _stack = GC.AllocateUninitializedArray<float>(needed, pinned: true);
        fixed (float* xs = &MemoryMarshal.GetReference(x), ds = &MemoryMarshal.GetReference(d))
        fixed (float* unaligned = stack)
        {
            float* tiles = (float*)(((nint)unaligned + 63) & ~63);
            float* deltas = ds + ((nint)panel * rows * Width);
            for (int first = 0; first < inputs; first += Width)
            {
                float* a = xs + Panels.Index(rows, 0, first);
                int end = Math.Min(Width, inputs - first);
                if (NarrowGradient.Pays(outputs - (panel * Width), end, rows))
                {
                    RunNarrow(block, a, deltas, tiles, weights + (first * Width), end, outputs - (panel * Width));
                    continue;
                }

                if (SiblingTiles.Pays(segments, rows))
                {
                    RunSiblings(block, a, deltas, tiles, weights + (first * Width), end);
                    continue;
                }

                for (int row = 0, count; row < end; row += count)
                {
                    count = MicroKernel.NextHeight(end - row);
                    RunTile<ChainOverRows>(block, a + row, deltas, tiles, weights + ((first + row) * Width), count);
                }
            }

            if (biases is { } at)
            {
                float one = 1f;
                RunTile<OneValue>(block, &one, deltas, tiles, at, 1);
            }
        }
    }

    // A register tile of inputs by 32 outputs through all shards of the block.
    private static void RunTile<A>(
        in Block block, float* x, float* d, float* tiles, int at, int count, bool siblings = false)
        where A : struct, IBroadcastOrder
    {
        int length = count * Width;
        for (int i = 0; i < block.AliveBefore; i++)
        {
            block.Sums[i].AsSpan(at, length).CopyTo(new Span<float>(tiles + (i * TileLength), length));
        }

        int top = block.AliveAfter - 1;
        fixed (float* result = &block.Sums[top].AsSpan(at, length)[0])
        {
            var memory = new TileMemory(null, tiles, TileLength, result);
            if (siblings)
            {
                SiblingTiles.Run(x, d, block.Segments, memory, count);
            }
            else
            {
                MicroKernel.Run<A>(x, 0, d, block.Segments, memory, count);
            }
        }

        for (int i = 0; i < top; i++)
        {
            new Span<float>(tiles + (i * TileLength), length).CopyTo(block.Sums[i].AsSpan(at, length));
        }
    }

    // A panel of inputs by 32 outputs, where siblings are added in registers. Inputs and deltas of some rows at a time
    // stay in the first-level cache for all tiles. Not inlined: its locals would be cleared for narrow layers, too.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunSiblings(in Block block, float* x, float* d, float* tiles, int at, int inputs)
    {
        for (int first = 0, count; first < block.Segments.Length; first += count)
        {
            count = SiblingTiles.NextSegments(block.Segments[first..]);
            var part = new Block(block.Segments.Slice(first, count), block.Sums);
            for (int row = 0, height; row < inputs; row += height)
            {
                height = SiblingTiles.NextHeight(inputs - row);
                RunTile<ChainOverRows>(part, x + row, d, tiles, at + (row * Width), height, siblings: true);
            }
        }
    }

    // A panel of inputs by few outputs.
    private static void RunNarrow(in Block block, float* x, float* d, float* tiles, int at, int count, int outputs)
    {
        for (int i = 0; i < block.AliveBefore; i++)
        {
            fixed (float* sum = &block.Sums[i].AsSpan(at, count * Width)[0])
            {
                NarrowGradient.Load(sum, count, tiles + (i * TileLength), outputs);
            }
        }

        NarrowGradient.Run(x, d, block.Segments, tiles, TileLength, block.AliveAfter - 1, outputs);
        for (int i = 0; i < block.AliveAfter; i++)
        {
            fixed (float* sum = &block.Sums[i].AsSpan(at, count * Width)[0])
            {
                NarrowGradient.Store(tiles + (i * TileLength), outputs, sum, count);
            }
        }
    }

    private readonly ref struct Block(ReadOnlySpan<GradientSegment> segments, ReadOnlySpan<float[]> sums)
    {
        public readonly ReadOnlySpan<GradientSegment> Segments = segments;
        public readonly ReadOnlySpan<float[]> Sums = sums;
        public readonly int AliveBefore = segments[0].Depth + (segments[0].Continues ? 1 : 0);
        public readonly int AliveAfter = segments[^1].Depth - segments[^1].Merges + 1;
    }
}
