namespace Trainer.Kernels;

/// <summary>Vector kernels with own polynomials: the same bits in every lane, width and tail (numerics A6). Spans of equal length; y may be x.</summary>
public static class ElementwiseKernels
{
    /// <summary><c>y = exp(x)</c>.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => throw new NotImplementedException();

    /// <summary><c>y = 1 / (1 + exp(-x))</c>, without overflow.</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => throw new NotImplementedException();

    /// <summary><c>y = tanh(x)</c>.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => throw new NotImplementedException();

    /// <summary><c>y = max(0, x)</c>; NaN stays NaN.</summary>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y) => throw new NotImplementedException();

    /// <summary><c>d *= a (1 - a)</c> with a the sigmoid's output; results below 2^-126 in magnitude become +0 (numerics A9).</summary>
    public static void SigmoidBackward(ReadOnlySpan<float> a, Span<float> d) => throw new NotImplementedException();

    /// <summary><c>d *= 1 - a^2</c> with a the tanh's output; subnormal results become +0.</summary>
    public static void TanhBackward(ReadOnlySpan<float> a, Span<float> d) => throw new NotImplementedException();

    /// <summary><c>d = a &gt; 0 ? d : +0</c> with a the ReLU's output; subnormal results become +0.</summary>
    public static void ReluBackward(ReadOnlySpan<float> a, Span<float> d) => throw new NotImplementedException();

    /// <summary>Subnormal values become +0 (the identity's backward pass).</summary>
    public static void FlushSubnormals(Span<float> d) => throw new NotImplementedException();

    /// <summary><c>left[i] = left[i] + right[i]</c>: one inner node of the reduction tree.</summary>
    public static void Add(Span<float> left, ReadOnlySpan<float> right) => throw new NotImplementedException();

    /// <summary><c>x[i] *= scale</c>: the root's one multiplication.</summary>
    public static void Scale(Span<float> x, float scale) => throw new NotImplementedException();

    /// <summary>Index of the first element that is NaN or infinite, or -1.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> x) => throw new NotImplementedException();
}
