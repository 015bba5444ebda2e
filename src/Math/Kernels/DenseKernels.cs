using System.Runtime.InteropServices;

namespace Trainer.Kernels;

/// <summary>
/// The three products of a dense layer, in panels (<see cref="Panels"/>), each element one FMA chain (numerics A2, A5).
/// Each call computes one panel, so that threads can split a product by panels and rows without changing a bit.
/// </summary>
public static unsafe class DenseKernels
{
    [ThreadStatic]
    private static Memory<float> _transposed;

    /// <summary>
    /// Logits of one output panel: <c>z[r,o] = (chain over i ascending of fma(x[r,i], w[o,i]), from +0) + b[o]</c>.
    /// </summary>
    /// <param name="x">Inputs in panels, [I/32][R][32].</param>
    /// <param name="weights">The whole weight tensor in panels, [O/32][I][32].</param>
    /// <param name="bias">Biases in panels, [O/32][32].</param>
    /// <param name="z">
    /// Result in panels, [O/32][R][32]; only panel <paramref name="panel"/> is written, +0 in its padding lanes where
    /// the inputs are finite.
    /// </param>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    /// <param name="panel">The output panel to compute.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">
    /// A span is shorter than the shape needs, or panel or rows lie outside it.
    /// </exception>
    public static void Forward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> z,
        DenseShape shape,
        int panel,
        int firstRow,
        int rowCount)
    {
        (int rows, int inputs, int outputs) = shape;
        ThrowHelper.RequireLength(nameof(x), x.Length, Panels.Length(rows, inputs));
        ThrowHelper.RequireLength(nameof(weights), weights.Length, Panels.Length(inputs, outputs));
        ThrowHelper.RequireLength(nameof(bias), bias.Length, Panels.Length(1, outputs));
        ThrowHelper.RequireLength(nameof(z), z.Length, Panels.Length(rows, outputs));
        ThrowHelper.RequireRange(nameof(panel), panel, 1, Panels.Count(outputs));
        ThrowHelper.RequireRange(nameof(firstRow), firstRow, rowCount, rows);
        fixed (float* a = &MemoryMarshal.GetReference(x), b = &MemoryMarshal.GetReference(weights))
        fixed (float* biases = &MemoryMarshal.GetReference(bias), c = &MemoryMarshal.GetReference(z))
        {
            nint panelStride = (nint)rows * Panels.Width;
            float* w = b + ((nint)panel * inputs * Panels.Width);
            float* panelBias = biases + (panel * Panels.Width);
            int narrow = Narrow(outputs - (panel * Panels.Width), rowCount);
            for (int row = firstRow; row < firstRow + narrow; row += NarrowKernel.Rows)
            {
                float* target = c + ((((nint)panel * rows) + row) * Panels.Width);
                NarrowKernel.Forward(
                    a + (row * Panels.Width), panelStride, w, inputs, panelBias, target);
            }

            firstRow += narrow;
            float* result = c + ((((nint)panel * rows) + firstRow) * Panels.Width);
            MicroKernel.Run<ChainOverColumns>(
                a + (firstRow * Panels.Width),
                panelStride,
                w,
                [OneChain(inputs)],
                new TileMemory(panelBias, result, 0, result),
                rowCount - narrow);
        }
    }

    /// <summary>
    /// Input gradient of one input panel: <c>dx[r,i] = chain over o ascending of fma(d[r,o], w[o,i]), from +0</c>, over
    /// real outputs only; padding lanes +0.
    /// </summary>
    /// <param name="d">Deltas in panels, [O/32][R][32].</param>
    /// <param name="weights">The whole weight tensor in panels, [O/32][I][32].</param>
    /// <param name="dx">Result in panels, [I/32][R][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    /// <param name="panel">The input panel to compute.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">
    /// A span is shorter than the shape needs, or panel or rows lie outside it.
    /// </exception>
    public static void InputGradient(
        ReadOnlySpan<float> d,
        ReadOnlySpan<float> weights,
        Span<float> dx,
        DenseShape shape,
        int panel,
        int firstRow,
        int rowCount)
    {
        (int rows, int inputs, int outputs) = shape;
        ThrowHelper.RequireLength(nameof(d), d.Length, Panels.Length(rows, outputs));
        ThrowHelper.RequireLength(nameof(weights), weights.Length, Panels.Length(inputs, outputs));
        ThrowHelper.RequireLength(nameof(dx), dx.Length, Panels.Length(rows, inputs));
        ThrowHelper.RequireRange(nameof(panel), panel, 1, Panels.Count(inputs));
        ThrowHelper.RequireRange(nameof(firstRow), firstRow, rowCount, rows);
        fixed (float* a = &MemoryMarshal.GetReference(d), c = &MemoryMarshal.GetReference(dx))
        fixed (float* b = &MemoryMarshal.GetReference(Transpose(weights, inputs, outputs, panel)))
        {
            float* result = c + ((((nint)panel * rows) + firstRow) * Panels.Width);
            MicroKernel.Run<ChainOverColumns>(
                a + (firstRow * Panels.Width),
                (nint)rows * Panels.Width,
                b,
                [OneChain(outputs)],
                new TileMemory(null, result, 0, result),
                rowCount);
        }
    }

    /// <summary>
    /// Weight and bias gradient of one output panel over a range of rows (the rows of one logical shard):
    /// <c>dw[o,i] = chain over r ascending of fma(x[r,i], d[r,o]), from +0; db[o] = chain of c + d[r,o], from +0</c>.
    /// </summary>
    /// <param name="x">Inputs in panels, [I/32][R][32].</param>
    /// <param name="d">Deltas in panels, [O/32][R][32], padding lanes +0.</param>
    /// <param name="dw">Result in panels, [O/32][I][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="db">Result in panels, [O/32][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="shape">Rows R of the buffers, inputs I, outputs O.</param>
    /// <param name="panel">The output panel to compute.</param>
    /// <param name="firstRow">First row of the shard.</param>
    /// <param name="rowCount">Rows of the shard; 0 gives +0 everywhere.</param>
    /// <param name="continues">
    /// The chains go on from what <paramref name="dw"/> and <paramref name="db"/> hold: a shard whose rows come in
    /// several blocks.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A span is shorter than the shape needs, or panel or rows lie outside it.
    /// </exception>
    public static void WeightGradient(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> d,
        Span<float> dw,
        Span<float> db,
        DenseShape shape,
        int panel,
        int firstRow,
        int rowCount,
        bool continues = false)
    {
        (int rows, int inputs, int outputs) = shape;
        ThrowHelper.RequireLength(nameof(x), x.Length, Panels.Length(rows, inputs));
        ThrowHelper.RequireLength(nameof(d), d.Length, Panels.Length(rows, outputs));
        ThrowHelper.RequireLength(nameof(dw), dw.Length, Panels.Length(inputs, outputs));
        ThrowHelper.RequireLength(nameof(db), db.Length, Panels.Length(1, outputs));
        ThrowHelper.RequireRange(nameof(panel), panel, 1, Panels.Count(outputs));
        ThrowHelper.RequireRange(nameof(firstRow), firstRow, rowCount, rows);
        fixed (float* xs = &MemoryMarshal.GetReference(x), ds = &MemoryMarshal.GetReference(d))
        fixed (float* w = &MemoryMarshal.GetReference(dw), biases = &MemoryMarshal.GetReference(db))
        {
            float* deltas = ds + ((((nint)panel * rows) + firstRow) * Panels.Width);
            float* c = w + ((nint)panel * inputs * Panels.Width);
            ReadOnlySpan<GradientSegment> chain = [OneChain(rowCount, continues)];
            float* narrow = stackalloc float[NarrowGradient.TileLength];
            for (int first = 0; first < inputs; first += Panels.Width)
            {
                float* a = xs + ((((nint)(first / Panels.Width) * rows) + firstRow) * Panels.Width);
                int count = Math.Min(Panels.Width, inputs - first);
                float* tile = c + ((nint)first * Panels.Width);
                int width = outputs - (panel * Panels.Width);
                if (NarrowGradient.Pays(width, count, rowCount))
                {
                    NarrowGradient.Load(tile, continues ? count : 0, narrow, width);
                    NarrowGradient.Run(a, deltas, chain, narrow, 0, 0, width);
                    NarrowGradient.Store(narrow, width, tile, count);
                }
                else
                {
                    MicroKernel.Run<ChainOverRows>(a, 0, deltas, chain, new TileMemory(null, tile, 0, tile), count);
                }
            }

            float one = 1f;
            float* sums = biases + (panel * Panels.Width);
            MicroKernel.Run<OneValue>(
                &one, 0, deltas, chain, new TileMemory(null, sums, 0, sums), 1);
        }
    }

    // Rows that go through whole tiles of the narrow kernel.
    private static int Narrow(int outputs, int rows) =>
        LaneWidth.Has512 && outputs <= NarrowKernel.Columns ? rows - (rows % NarrowKernel.Rows) : 0;

    private static GradientSegment OneChain(int steps, bool continues = false) => new(0, steps, 0, continues, 0);

    // The weights of one input panel as [outputs][32 inputs], padding lanes +0: what the vector operand needs. Half
    // panels of outputs are moved, as whole vectors are faster than single elements.
    private static ReadOnlySpan<float> Transpose(ReadOnlySpan<float> weights, int inputs, int outputs, int panel)
    {
        int half = Panels.Width / 2;
        int needed = (outputs + half) * Panels.Width;
        if (_transposed.Length < needed)
        {
            _transposed = AlignedMemory.Allocate(needed);
        }

        int first = panel * Panels.Width;
        int count = Math.Min(Panels.Width, inputs - first);
        Span<float> result = _transposed.Span[..needed];
        if (count < Panels.Width)
        {
            result.Clear();
        }

        fixed (float* source = &MemoryMarshal.GetReference(weights), rows = result)
        {
            for (int output = 0; output < outputs; output += Panels.Width)
            {
                TransposeKernels.Tile(
                    source + Panels.Index(inputs, first, output),
                    count,
                    Math.Min(Panels.Width, (outputs - output + half - 1) & -half),
                    rows + (output * Panels.Width));
            }
        }

        return result;
    }
}
