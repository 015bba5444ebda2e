using System.Runtime.InteropServices;

namespace Trainer.Kernels;

/// <summary>
/// Vector kernels: the same bits in every lane, width and tail (numerics A6). Spans in, span out, no allocation; the
/// output may be the same memory as an input, not overlap it at an offset.
/// </summary>
public static class ElementwiseKernels
{
    /// <summary><c>y = exp(x)</c>; at most 2.5 ulp, infinity above 88.73, +0 below -104, NaN stays NaN.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<ExpFunction>(x, y);

    /// <summary><c>y = 1 / (1 + exp(-x))</c>; at most 2.5 ulp, never overflows, NaN stays NaN.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<SigmoidFunction>(x, y);

    /// <summary><c>y = tanh(x)</c>; at most 2.5 ulp, NaN stays NaN.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<TanhFunction>(x, y);

    /// <summary><c>y = max(0, x)</c>; NaN stays NaN, -0 becomes +0.</summary>
    /// <param name="x">Arguments, shape [n].</param>
    /// <param name="y">Results, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y) => LaneMap.Unary<ReluFunction>(x, y);

    /// <summary>
    /// <c>d *= a (1 - a)</c> with a the sigmoid's output; results below 2^-126 in magnitude become +0 (numerics A9).
    /// </summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SigmoidBackward(ReadOnlySpan<float> a, Span<float> d) => LaneMap.Binary<SigmoidDerivative>(a, d);

    /// <summary><c>d *= 1 - a^2</c> with a the tanh's output; subnormal results become +0.</summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void TanhBackward(ReadOnlySpan<float> a, Span<float> d) => LaneMap.Binary<TanhDerivative>(a, d);

    /// <summary><c>d = a &gt; 0 ? d : +0</c> with a the ReLU's output; subnormal results become +0.</summary>
    /// <param name="a">Activations, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ReluBackward(ReadOnlySpan<float> a, Span<float> d) => LaneMap.Binary<ReluDerivative>(a, d);

    /// <summary>
    /// Values of magnitude below 2^-126 become +0: the identity's backward pass, and optimizer state (numerics A9).
    /// </summary>
    /// <param name="d">Values, shape [n], in place.</param>
    public static void FlushSubnormals(Span<float> d) => LaneMap.Unary<FlushFunction>(d, d);

    /// <summary><c>left[i] = left[i] + right[i]</c>: one inner node of the reduction tree.</summary>
    /// <param name="left">The left child, shape [n]; becomes the sum.</param>
    /// <param name="right">The right child, shape [n].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Span<float> left, ReadOnlySpan<float> right) => LaneMap.Binary<AddFunction>(right, left);

    /// <summary><c>x[i] *= factor[i]</c>, and +0 where the factor is 0: dropout, forward and backward.</summary>
    /// <param name="factor">Factors, shape [n].</param>
    /// <param name="x">Values, shape [n], in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Mask(ReadOnlySpan<float> factor, Span<float> x) => LaneMap.Binary<MaskFunction>(factor, x);

    /// <summary><c>x[i] *= scale</c>: the root's one multiplication.</summary>
    /// <param name="x">Values, shape [n], in place.</param>
    /// <param name="scale">The factor.</param>
    public static unsafe void Scale(Span<float> x, float scale)
    {
        fixed (float* values = &MemoryMarshal.GetReference(x))
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = ScaleLanes<Lanes512>(values, scale, i, x.Length);
            }

            if (LaneWidth.Has256)
            {
                i = ScaleLanes<Lanes256>(values, scale, i, x.Length);
            }

            if (LaneWidth.Has128)
            {
                i = ScaleLanes<Lanes128>(values, scale, i, x.Length);
            }

            _ = ScaleLanes<Lanes1>(values, scale, i, x.Length);
        }
    }

    /// <summary>Finds what ends a step as diverged.</summary>
    /// <param name="x">Values, shape [n].</param>
    /// <param name="scale">What each value would be multiplied by; 1 for the values as they are.</param>
    /// <returns>Index of the first element whose product is NaN or infinite, or -1.</returns>
    public static unsafe int IndexOfNonFinite(ReadOnlySpan<float> x, float scale = 1f)
    {
        int i = 0;
        fixed (float* values = &MemoryMarshal.GetReference(x))
        {
            if (LaneWidth.Has512)
            {
                i = SkipFinite<Lanes512>(values, scale, i, x.Length);
            }
            else if (LaneWidth.Has256)
            {
                i = SkipFinite<Lanes256>(values, scale, i, x.Length);
            }
            else if (LaneWidth.Has128)
            {
                i = SkipFinite<Lanes128>(values, scale, i, x.Length);
            }
        }

        for (; i < x.Length; i++)
        {
            if (!float.IsFinite(x[i] * scale))
            {
                return i;
            }
        }

        return -1;
    }

    private static unsafe nint ScaleLanes<T>(float* x, float scale, nint i, nint length)
        where T : struct, ILanes<T>
    {
        T factor = T.Broadcast(scale);
        for (; i + T.Count <= length; i += T.Count)
        {
            T.Store(T.Multiply(T.Load(x + i), factor), x + i);
        }

        return i;
    }

    private static unsafe int SkipFinite<T>(float* x, float scale, int i, int length)
        where T : struct, ILanes<T>
    {
        T factor = T.Broadcast(scale);
        while (i + T.Count <= length && !T.AnyNonFinite(T.Multiply(T.Load(x + i), factor)))
        {
            i += T.Count;
        }

        return i;
    }
}
