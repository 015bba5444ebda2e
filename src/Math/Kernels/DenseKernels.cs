namespace Trainer.Kernels;

/// <summary>The three products of a dense layer, in panels (<see cref="Panels"/>), each one FMA chain an element (numerics A2, A5).</summary>
public static class DenseKernels
{
    /// <summary>Logits of one output panel: <c>z[r,o] = (chain over i ascending of fma(x[r,i], w[o,i]), from +0) + b[o]</c>.</summary>
    /// <param name="x">Inputs in panels, [I/32][R][32].</param>
    /// <param name="weights">The whole weight tensor in panels, [O/32][I][32].</param>
    /// <param name="bias">Biases in panels, [O/32][32].</param>
    /// <param name="z">Result in panels, [O/32][R][32]; only panel <paramref name="panel"/> is written, padding lanes +0 or the pad's chain.</param>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    /// <param name="panel">The output panel to compute.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> z, DenseShape shape, int panel, int firstRow, int rowCount) =>
        throw new NotImplementedException();

    /// <summary>Input gradient of one input panel: <c>dx[r,i] = chain over o ascending of fma(d[r,o], w[o,i]), from +0</c>; padding lanes +0.</summary>
    /// <param name="d">Deltas in panels, [O/32][R][32].</param>
    /// <param name="weights">The whole weight tensor in panels, [O/32][I][32].</param>
    /// <param name="dx">Result in panels, [I/32][R][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="shape">Rows R, inputs I, outputs O.</param>
    /// <param name="panel">The input panel to compute.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    public static void InputGradient(
        ReadOnlySpan<float> d, ReadOnlySpan<float> weights, Span<float> dx, DenseShape shape, int panel, int firstRow, int rowCount) =>
        throw new NotImplementedException();

    /// <summary>
    /// Weight and bias gradient of one output panel over a range of rows (the rows of one logical shard):
    /// <c>dw[o,i] = chain over r ascending of fma(x[r,i], d[r,o]), from +0; db[o] = chain of c + d[r,o]</c>.
    /// </summary>
    /// <param name="x">Inputs in panels, [I/32][R][32].</param>
    /// <param name="d">Deltas in panels, [O/32][R][32], padding lanes +0.</param>
    /// <param name="dw">Result in panels, [O/32][I][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="db">Result in panels, [O/32][32]; only panel <paramref name="panel"/> is written.</param>
    /// <param name="shape">Rows R of the buffers, inputs I, outputs O.</param>
    /// <param name="panel">The output panel to compute.</param>
    /// <param name="firstRow">First row of the shard.</param>
    /// <param name="rowCount">Rows of the shard; 0 gives +0 everywhere.</param>
    public static void WeightGradient(
        ReadOnlySpan<float> x, ReadOnlySpan<float> d, Span<float> dw, Span<float> db, DenseShape shape, int panel, int firstRow, int rowCount) =>
        throw new NotImplementedException();
}
