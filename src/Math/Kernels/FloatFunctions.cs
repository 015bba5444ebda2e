using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

/// <summary>
/// Elementary functions of float32 lanes: one fixed sequence of IEEE operations, so a lane of any width and the scalar
/// tail agree to the bit. Measured against double over all magnitudes: exp, expm1, log, log1p, tanh, sigmoid and erf
/// at most 2.5 ulp.
/// </summary>
/// <remarks>
/// Polynomials after Moshier, "Methods and Programs for Mathematical Functions", 1989 (single precision).
/// </remarks>
internal static class FloatFunctions
{
    /// <summary>exp(x): above 88.73 infinity, below -104 +0, subnormal results rounded once; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        T p = ReducedExpm1(x, out T shifted);
        return T.ScaleByPowerOfTwo(T.Add(p, T.Broadcast(1f)), shifted);
    }

    /// <summary>exp(x) - 1, accurate near 0: above 88.73 infinity, below -17.4 -1; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Expm1<T>(T x)
        where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f);
        T p = ReducedExpm1(x, out T shifted);

        // 2^n p + (2^n - 1); from 30 on the 1 is lost anyway, and 2^n may overflow alone.
        T small = T.Add(
            T.ScaleByPowerOfTwo(p, shifted), T.Subtract(T.ScaleByPowerOfTwo(one, shifted), one));
        T large = T.ScaleByPowerOfTwo(T.Add(p, one), shifted);
        return T.Select(T.GreaterThan(x, T.Broadcast(30f)), large, small);
    }

    /// <summary>Natural logarithm: of 0 -infinity, of a negative number NaN, of infinity infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T one = T.Broadcast(1f);

        // A subnormal number is lifted into the normal range first.
        T subnormal = T.GreaterThan(T.Broadcast(FloatBits.SmallestNormal), x);
        T lifted = T.Select(subnormal, T.Multiply(x, T.Broadcast(16777216f)), x);
        T exponent = T.Exponent(lifted, out T mantissa);
        exponent = T.Subtract(exponent, T.Select(subnormal, T.Broadcast(24f), zero));

        // Mantissa to [sqrt(1/2), sqrt(2)), less 1.
        T small = T.GreaterThan(T.Broadcast(0.707106781f), mantissa);
        exponent = T.Subtract(exponent, T.Select(small, one, zero));
        T f = T.Subtract(T.Add(mantissa, T.Select(small, mantissa, zero)), one);

        T p = T.Broadcast(7.0376836292e-2f);
        p = T.MultiplyAdd(p, f, T.Broadcast(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(1.1676998740e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(1.4249322787e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(2.0000714765e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, f, T.Broadcast(3.3333331174e-1f));
        T square = T.Multiply(f, f);
        T y = T.Multiply(T.Multiply(p, f), square);
        y = T.MultiplyAdd(exponent, T.Broadcast(-2.12194440e-4f), y);
        y = T.MultiplyAdd(square, T.Broadcast(-0.5f), y);
        y = T.MultiplyAdd(exponent, T.Broadcast(0.693359375f), T.Add(f, y));

        y = T.Select(T.EqualTo(x, zero), T.Broadcast(float.NegativeInfinity), y);
        y = T.Select(T.GreaterThan(zero, x), T.Broadcast(float.NaN), y);
        T infinity = T.Broadcast(float.PositiveInfinity);
        y = T.Select(T.EqualTo(x, infinity), infinity, y);
        return T.Select(T.EqualTo(x, x), y, x);
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    /// <remarks>Source: Kahan's correction <c>log(u) * x / (u - 1)</c> with u = 1 + x rounded.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T x)
        where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f);
        T u = T.Add(one, x);
        T corrected = T.Multiply(Log(u), T.Divide(x, T.Subtract(u, one)));
        T y = T.Select(T.EqualTo(u, one), x, corrected);
        T infinity = T.Broadcast(float.PositiveInfinity);
        y = T.Select(T.EqualTo(x, infinity), infinity, y);
        return T.Select(T.EqualTo(x, T.Broadcast(-1f)), T.Broadcast(float.NegativeInfinity), y);
    }

    /// <summary>1 / (1 + exp(-x)); never overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f);
        T e = Exp(T.Subtract(T.Broadcast(0f), T.Abs(x)));
        T numerator = T.Select(T.GreaterThan(T.Broadcast(0f), x), e, one);
        return T.Divide(numerator, T.Add(one, e));
    }

    /// <summary>tanh(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f);
        T magnitude = T.Abs(x);
        T e = Exp(T.Add(magnitude, magnitude));
        T large = T.CopySign(T.Subtract(one, T.Divide(T.Broadcast(2f), T.Add(e, one))), x);

        T square = T.Multiply(x, x);
        T p = T.Broadcast(-5.70498872745e-3f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.06390887954e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.33314422036e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-3.33332819422e-1f));
        T near = T.MultiplyAdd(T.Multiply(p, square), x, x);

        T y = T.Select(T.GreaterThan(T.Broadcast(0.625f), magnitude), near, large);
        return T.Select(T.EqualTo(x, x), y, x);
    }

    /// <summary>erf(x), the error function; NaN stays NaN.</summary>
    /// <remarks>
    /// Below 0.92 in magnitude <c>x + x P(x^2)</c>, above <c>1 - exp(x Q(x))</c> with <c>Q(x) = log(erfc(x)) / x</c>;
    /// P and Q interpolate at Chebyshev nodes, of degree 6 on [0, 0.93^2] and degree 9 on [0.92, 4.05]. From 4 on the
    /// result is 1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x)
        where T : struct, ILanes<T>
    {
        T magnitude = T.Abs(x);
        T square = T.Multiply(x, x);
        T p = T.Broadcast(8.33471858e-5f);
        p = T.MultiplyAdd(p, square, T.Broadcast(-8.13470932e-4f));
        p = T.MultiplyAdd(p, square, T.Broadcast(5.20036859e-3f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-2.68591515e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.12836915e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-3.76126335e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.28379167e-1f));
        T near = T.MultiplyAdd(p, x, x);

        T four = T.Broadcast(4f);
        T t = T.Select(T.GreaterThan(magnitude, four), four, magnitude);
        T q = T.Broadcast(-1.35090221e-7f);
        q = T.MultiplyAdd(q, t, T.Broadcast(3.29702541e-6f));
        q = T.MultiplyAdd(q, t, T.Broadcast(-3.37731729e-5f));
        q = T.MultiplyAdd(q, t, T.Broadcast(1.74030353e-4f));
        q = T.MultiplyAdd(q, t, T.Broadcast(-2.78684487e-4f));
        q = T.MultiplyAdd(q, t, T.Broadcast(-2.43360365e-3f));
        q = T.MultiplyAdd(q, t, T.Broadcast(2.22461142e-2f));
        q = T.MultiplyAdd(q, t, T.Broadcast(-1.05085638e-1f));
        q = T.MultiplyAdd(q, t, T.Broadcast(-6.35634178e-1f));
        q = T.MultiplyAdd(q, t, T.Broadcast(-1.12856293f));
        T far = T.CopySign(T.Subtract(T.Broadcast(1f), Exp(T.Multiply(q, t))), x);
        return T.Select(T.GreaterThan(magnitude, T.Broadcast(0.92f)), far, near);
    }

    /// <summary>Values of magnitude below 2^-126 become +0; NaN stays (numerics A9).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FlushSubnormal<T>(T x)
        where T : struct, ILanes<T> =>
        T.Select(T.GreaterThan(T.Broadcast(FloatBits.SmallestNormal), T.Abs(x)), T.Broadcast(0f), x);

    // exp(x) = 2^n (1 + p) with n the integer in the low bits of shifted and |log(1 + p)| <= ln(2) / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReducedExpm1<T>(T x, out T shifted)
        where T : struct, ILanes<T>
    {
        // NaN fails both comparisons and passes through.
        T clamped = T.Select(T.GreaterThan(x, T.Broadcast(89f)), T.Broadcast(89f), x);
        clamped = T.Select(T.GreaterThan(T.Broadcast(-105f), clamped), T.Broadcast(-105f), clamped);
        shifted = T.MultiplyAdd(clamped, T.Broadcast(1.44269504f), T.Broadcast(FloatBits.Shifter));
        T power = T.Subtract(shifted, T.Broadcast(FloatBits.Shifter));

        // ln 2 in two parts, the first with few bits, so that power * high is exact.
        T r = T.MultiplyAdd(power, T.Broadcast(-0.693359375f), clamped);
        r = T.MultiplyAdd(power, T.Broadcast(2.12194440e-4f), r);

        T p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        return T.MultiplyAdd(p, T.Multiply(r, r), r);
    }
}
