namespace Trainer.Kernels;

/// <summary>
/// The activations beyond those of <see cref="ElementwiseKernels"/>, by the same rules: the same bits in every lane,
/// width and tail; the output may be the same memory as an input.
/// </summary>
public static class ActivationKernels
{
    /// <summary><c>y = x &gt; 0 ? x : 0.01 x</c>.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void LeakyRelu(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<LeakyReluFunction>(x, y);

    /// <summary><c>y = x &gt; 0 ? x : exp(x) - 1</c>.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Elu(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<EluFunction>(x, y);

    /// <summary><c>y = s (x &gt; 0 ? x : alpha (exp(x) - 1))</c>, s = 1.0507, alpha = 1.6733.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Selu(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<SeluFunction>(x, y);

    /// <summary><c>y = x (1 + erf(x / sqrt(2))) / 2</c>.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<GeluFunction>(x, y);

    /// <summary><c>y = x / (1 + exp(-x))</c>.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Silu(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<SiluFunction>(x, y);

    /// <summary><c>y = log(1 + exp(x))</c>; never overflows.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<SoftplusFunction>(x, y);

    /// <summary><c>d = a &gt; 0 ? d : 0.01 d</c>; subnormal results become +0 (numerics A9), here and below.</summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void LeakyReluBackward(ReadOnlySpan<float> a, Span<float> d) =>
        LaneMap.Binary<LeakyReluDerivative>(a, d);

    /// <summary><c>d *= a &gt; 0 ? 1 : a + 1</c>.</summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void EluBackward(ReadOnlySpan<float> a, Span<float> d) => LaneMap.Binary<EluDerivative>(a, d);

    /// <summary><c>d *= a &gt; 0 ? s : a + s alpha</c>.</summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SeluBackward(ReadOnlySpan<float> a, Span<float> d) => LaneMap.Binary<SeluDerivative>(a, d);

    /// <summary><c>d *= Phi(z) + z phi(z)</c> with the normal distribution's function and density.</summary>
    /// <param name="z">Pre-activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void GeluBackward(ReadOnlySpan<float> z, Span<float> d) => LaneMap.Binary<GeluDerivative>(z, d);

    /// <summary><c>d *= s (1 + z (1 - s))</c> with s = sigmoid(z).</summary>
    /// <param name="z">Pre-activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SiluBackward(ReadOnlySpan<float> z, Span<float> d) => LaneMap.Binary<SiluDerivative>(z, d);

    /// <summary><c>d *= 1 - exp(-a)</c>.</summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SoftplusBackward(ReadOnlySpan<float> a, Span<float> d) =>
        LaneMap.Binary<SoftplusDerivative>(a, d);
}
