namespace Trainer.Kernels;

/// <summary>Output unit, loss and its gradient in one pass over a row of logits (numerics A4, A6, A7).</summary>
/// <remarks>Rows stand in panels: class k of row r is at <c>Panels.Index(rows, r, k)</c>.</remarks>
public static class OutputKernels
{
    /// <summary>Softmax with cross-entropy of rows [firstRow, firstRow + rowCount).</summary>
    /// <param name="z">Logits in panels, [K/32][R][32].</param>
    /// <param name="classes">Class of each row of the buffers as a whole number, shape [R].</param>
    /// <param name="d">Gradient of each row's loss in panels: <c>p - onehot</c>; padding lanes +0. May be <paramref name="z"/>.</param>
    /// <param name="loss">Loss of each row in nats, binary32, shape [R].</param>
    public static void SoftmaxCrossEntropy(
        ReadOnlySpan<float> z, ReadOnlySpan<float> classes, Span<float> d, Span<float> loss, int rows, int outputs, int firstRow, int rowCount) =>
        throw new NotImplementedException();

    /// <summary>Sigmoid with binary cross-entropy, one output: <c>d = sigmoid(z) - t</c>, <c>loss = max(z,0) - z t + log1p(exp(-|z|))</c>.</summary>
    public static void SigmoidBinaryCrossEntropy(
        ReadOnlySpan<float> z, ReadOnlySpan<float> targets, Span<float> d, Span<float> loss, int rows, int firstRow, int rowCount) =>
        throw new NotImplementedException();

    /// <summary>Linear output with squared error: <c>d = (z - t) * binary32(2/O)</c>, <c>loss = (sum of (z-t)^2 by one FMA chain) / O</c>.</summary>
    /// <param name="targets">Targets, row-major [R, O].</param>
    public static void LinearSquaredError(
        ReadOnlySpan<float> z, ReadOnlySpan<float> targets, Span<float> d, Span<float> loss, int rows, int outputs, int firstRow, int rowCount) =>
        throw new NotImplementedException();

    /// <summary>Probabilities of each row by softmax, in panels; the denominator in 16 lanes (numerics A7). May be in place.</summary>
    public static void Softmax(ReadOnlySpan<float> z, Span<float> p, int rows, int outputs, int firstRow, int rowCount) =>
        throw new NotImplementedException();
}
