using System.Runtime.InteropServices;

namespace Trainer.Kernels;

/// <summary>
/// The input gradient from deltas whose rows and outputs have changed places: vectors run over rows and the weights are
/// broadcast where they lie, so that none of them is moved. An FMA does not mind the order of its factors: the bits are
/// those of <see cref="DenseKernels.InputGradient"/>.
/// </summary>
/// <remarks>
/// The deltas lie in blocks of 32 rows, <c>[R/32][O][32]</c>; lanes past the last row hold anything and reach no
/// result.
/// </remarks>
public static unsafe class TransposedDeltas
{
    // What moving an element in a transpose costs, in lanes of a multiply-add.
    private const long Move = 6;
    private const int Width = Panels.Width;

    /// <summary>
    /// Whether this way is the faster: it moves deltas and results, the other one weights, and pads to whole blocks.
    /// </summary>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    public static bool Pays(DenseShape shape)
    {
        (long rows, long inputs, long outputs) = (shape.Rows, shape.Inputs, shape.Outputs);
        long padded = Panels.Count(shape.Rows) * Width;
        return ((padded - rows) * inputs * outputs) + (Move * ((padded * inputs) + (rows * outputs)))
            < Move * inputs * outputs;
    }

    /// <summary>Floats of the transposed deltas.</summary>
    /// <param name="rows">Rows R.</param>
    /// <param name="outputs">Outputs O.</param>
    public static int Length(int rows, int outputs) => Panels.Length(outputs, rows);

    /// <summary>Transposes one output panel of deltas.</summary>
    /// <param name="d">Deltas in panels, [O/32][R][32].</param>
    /// <param name="transposed">The result, [R/32][O][32].</param>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    /// <param name="panel">The output panel.</param>
    /// <param name="firstRow">First row, a multiple of 32.</param>
    /// <param name="rowCount">Rows.</param>
    /// <exception cref="ArgumentException">
    /// A span is shorter than the shape needs, or panel or rows lie outside it.
    /// </exception>
    public static void Fill(
        ReadOnlySpan<float> d, Span<float> transposed, DenseShape shape, int panel, int firstRow, int rowCount)
    {
        (int rows, _, int outputs) = shape;
        ThrowHelper.RequireLength(nameof(d), d.Length, Panels.Length(rows, outputs));
        ThrowHelper.RequireLength(nameof(transposed), transposed.Length, Length(rows, outputs));
        ThrowHelper.RequireRange(nameof(panel), panel, 1, Panels.Count(outputs));
        RequireBlocks(rows, firstRow, rowCount);
        int first = panel * Width;
        fixed (float* source = &MemoryMarshal.GetReference(d), target = &MemoryMarshal.GetReference(transposed))
        {
            for (int row = firstRow; row < firstRow + rowCount; row += Width)
            {
                TransposeKernels.Tile(
                    source + Panels.Index(rows, row, first),
                    Math.Min(Width, firstRow + rowCount - row),
                    Math.Min(Width, outputs - first),
                    target + Panels.Index(outputs, first, row));
            }
        }
    }

    /// <summary>
    /// Input gradient of one input panel: <c>dx[r,i] = chain over o ascending of fma(w[o,i], d[r,o]), from +0</c>, over
    /// real outputs only; padding lanes +0.
    /// </summary>
    /// <param name="transposed">Deltas of all output panels, [R/32][O][32].</param>
    /// <param name="weights">The whole weight tensor in panels, [O/32][I][32].</param>
    /// <param name="dx">Result in panels, [I/32][R][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    /// <param name="panel">The input panel to compute.</param>
    /// <param name="firstRow">First row to compute, a multiple of 32.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">
    /// A span is shorter than the shape needs, or panel or rows lie outside it.
    /// </exception>
    public static void InputGradient(
        ReadOnlySpan<float> transposed,
        ReadOnlySpan<float> weights,
        Span<float> dx,
        DenseShape shape,
        int panel,
        int firstRow,
        int rowCount)
    {
        (int rows, int inputs, int outputs) = shape;
        ThrowHelper.RequireLength(nameof(transposed), transposed.Length, Length(rows, outputs));
        ThrowHelper.RequireLength(nameof(weights), weights.Length, Panels.Length(inputs, outputs));
        ThrowHelper.RequireLength(nameof(dx), dx.Length, Panels.Length(rows, inputs));
        ThrowHelper.RequireRange(nameof(panel), panel, 1, Panels.Count(inputs));
        RequireBlocks(rows, firstRow, rowCount);
        int first = panel * Width;
        int count = Math.Min(Width, inputs - first);
        if (count < Width)
        {
            dx.Slice(Panels.Index(rows, firstRow, first), rowCount * Width).Clear();
        }

        float* unaligned = stackalloc float[(Width * Width) + 16];
        float* tile = (float*)(((nint)unaligned + 63) & ~63);
        fixed (float* b = &MemoryMarshal.GetReference(transposed), a = &MemoryMarshal.GetReference(weights))
        fixed (float* target = &MemoryMarshal.GetReference(dx))
        {
            for (int row = firstRow; row < firstRow + rowCount; row += Width)
            {
                MicroKernel.Run<ChainOverColumns>(
                    a + (first * Width),
                    (nint)inputs * Width,
                    b + Panels.Index(outputs, 0, row),
                    [new GradientSegment(0, outputs, 0, Continues: false, 0)],
                    new TileMemory(null, tile, 0, tile),
                    count);
                TransposeKernels.Tile(
                    tile,
                    count,
                    Math.Min(Width, firstRow + rowCount - row),
                    target + Panels.Index(rows, row, first));
            }
        }
    }

    private static void RequireBlocks(int rows, int firstRow, int rowCount)
    {
        ThrowHelper.RequireRange(nameof(firstRow), firstRow, rowCount, rows);
        if (firstRow % Width != 0)
        {
            throw new ArgumentException(
                $"'firstRow' is {firstRow}; it must be a multiple of {Width}.", nameof(firstRow));
        }
    }
}
