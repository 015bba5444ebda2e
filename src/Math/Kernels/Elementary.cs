namespace Trainer.Kernels;

/// <summary>
/// Scalar elementary functions from own polynomials: the bits do not depend on the processor or the C library (numerics
/// A6). The float ones give exactly the bits of a lane of <see cref="ElementwiseKernels"/>.
/// </summary>
public static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // 1.5 * 2^52: adding it rounds to an integer that stays in the low bits.
    private const double Shifter = 6755399441055744.0;

    // 1/k! for k = 13 down to 2: |r| <= ln(2)/2 leaves a remainder below 2^-57.
    private static readonly double[] InverseFactorials =
    [
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
        1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2,
    ];

    /// <summary>exp(x) in binary32, at most 2.5 ulp.</summary>
    /// <param name="x">Any value; NaN gives NaN.</param>
    public static float Exp(float x) => FloatFunctions.Exp(new Lanes1(x)).Value;

    /// <summary>Natural logarithm in binary32, at most 2.5 ulp; of 0 -infinity, of a negative number NaN.</summary>
    /// <param name="x">Any value.</param>
    public static float Log(float x) => FloatFunctions.Log(new Lanes1(x)).Value;

    /// <summary>log(1 + x) in binary32, at most 2.5 ulp, accurate near 0.</summary>
    /// <param name="x">Above -1; -1 gives -infinity, less gives NaN.</param>
    public static float Log1p(float x) => FloatFunctions.Log1p(new Lanes1(x)).Value;

    /// <summary>exp(x) - 1 in binary32, at most 2.5 ulp, accurate near 0.</summary>
    /// <param name="x">Any value; NaN gives NaN.</param>
    public static float Expm1(float x) => FloatFunctions.Expm1(new Lanes1(x)).Value;

    /// <summary>The error function in binary32, at most 2.5 ulp.</summary>
    /// <param name="x">Any value; NaN gives NaN.</param>
    public static float Erf(float x) => FloatFunctions.Erf(new Lanes1(x)).Value;

    /// <summary>1 / (1 + exp(-x)) in binary32, at most 2.5 ulp.</summary>
    /// <param name="x">Any value; NaN gives NaN.</param>
    public static float Sigmoid(float x) => FloatFunctions.Sigmoid(new Lanes1(x)).Value;

    /// <summary>tanh(x) in binary32, at most 2.5 ulp.</summary>
    /// <param name="x">Any value; NaN gives NaN.</param>
    public static float Tanh(float x) => FloatFunctions.Tanh(new Lanes1(x)).Value;

    /// <summary>exp(x) in binary64, at most 2.5 ulp.</summary>
    /// <param name="x">Any value; NaN gives NaN, above 709.79 infinity, below -745.14 +0.</param>
    public static double Exp(double x)
    {
        double clamped = x > 710 ? 710 : x < -746 ? -746 : x;
        double shifted = (clamped * 1.4426950408889634) + Shifter;
        double power = shifted - Shifter;
        double r = Math.FusedMultiplyAdd(power, -Ln2High, clamped);
        r = Math.FusedMultiplyAdd(power, -Ln2Low, r);
        double p = InverseFactorials[0];
        for (int i = 1; i < InverseFactorials.Length; i++)
        {
            p = Math.FusedMultiplyAdd(p, r, InverseFactorials[i]);
        }

        p = Math.FusedMultiplyAdd(p, r * r, r) + 1;
        return double.IsNaN(x) ? x : ScaleByPowerOfTwo(p, (int)power);
    }

    /// <summary>Natural logarithm in binary64, at most 2.5 ulp; of 0 -infinity, of a negative number NaN.</summary>
    /// <param name="x">Any value.</param>
    /// <remarks>Source: the series in s = f/(2+f) of fdlibm's e_log.c.</remarks>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        int exponent = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0;
            exponent = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1022;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000);
        if (mantissa < 0.70710678118654752)
        {
            mantissa += mantissa;
            exponent--;
        }

        double f = mantissa - 1;
        double s = f / (2 + f);
        double z = s * s;
        double p = 1.479819860511658591e-01;
        p = Math.FusedMultiplyAdd(p, z, 1.531383769920937332e-01);
        p = Math.FusedMultiplyAdd(p, z, 1.818357216161805012e-01);
        p = Math.FusedMultiplyAdd(p, z, 2.222219843214978396e-01);
        p = Math.FusedMultiplyAdd(p, z, 2.857142874366239149e-01);
        p = Math.FusedMultiplyAdd(p, z, 3.999999999940941908e-01);
        p = Math.FusedMultiplyAdd(p, z, 6.666666666666735130e-01);
        double remainder = p * z;
        double half = 0.5 * f * f;
        return (exponent * Ln2High) - (half - (s * (half + remainder)) - (exponent * Ln2Low) - f);
    }

    /// <summary>sin(x) in binary64, |x| at most 2^20, absolute error at most 2^-50.</summary>
    /// <param name="x">Radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">|x| is larger, or NaN.</exception>
    public static double Sin(double x)
    {
        int quadrant = Reduce(x, out double r);
        double y = (quadrant & 1) == 0 ? SinKernel(r) : CosKernel(r);
        return (quadrant & 2) == 0 ? y : -y;
    }

    /// <summary>cos(x) in binary64, |x| at most 2^20, absolute error at most 2^-50.</summary>
    /// <param name="x">Radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">|x| is larger, or NaN.</exception>
    public static double Cos(double x)
    {
        int quadrant = Reduce(x, out double r);
        double y = (quadrant & 1) == 0 ? CosKernel(r) : SinKernel(r);
        return ((quadrant + 1) & 2) == 0 ? y : -y;
    }

    private static double ScaleByPowerOfTwo(double value, int power)
    {
        int first = power >> 1;
        double low = BitConverter.Int64BitsToDouble((long)(first + 1023) << 52);
        double high = BitConverter.Int64BitsToDouble((long)(power - first + 1023) << 52);
        return value * low * high;
    }

    // Cody and Waite: pi/2 in three parts of 33 bits each, so that the first products are exact.
    private static int Reduce(double x, out double r)
    {
        if (!(Math.Abs(x) <= 1048576))
        {
            throw new ArgumentOutOfRangeException(
                nameof(x), x, $"'x' is {x}; allowed are angles of at most 2^20 radians.");
        }

        double shifted = (x * 0.63661977236758134308) + Shifter;
        double n = shifted - Shifter;
        r = Math.FusedMultiplyAdd(n, -1.57079632673412561417e+00, x);
        r = Math.FusedMultiplyAdd(n, -6.07710050630396597660e-11, r);
        r = Math.FusedMultiplyAdd(n, -2.02226624879595063154e-21, r);
        return (int)n & 3;
    }

    // Source of both kernels: fdlibm, k_sin.c and k_cos.c, for |r| <= pi/4.
    private static double SinKernel(double r)
    {
        double z = r * r;
        double p = 1.58969099521155010221e-10;
        p = Math.FusedMultiplyAdd(p, z, -2.50507602534068634195e-08);
        p = Math.FusedMultiplyAdd(p, z, 2.75573137070700676789e-06);
        p = Math.FusedMultiplyAdd(p, z, -1.98412698298579493134e-04);
        p = Math.FusedMultiplyAdd(p, z, 8.33333333332248946124e-03);
        p = Math.FusedMultiplyAdd(p, z, -1.66666666666666324348e-01);
        return Math.FusedMultiplyAdd(p * z, r, r);
    }

    private static double CosKernel(double r)
    {
        double z = r * r;
        double p = -1.13596475577881948265e-11;
        p = Math.FusedMultiplyAdd(p, z, 2.08757232129817482790e-09);
        p = Math.FusedMultiplyAdd(p, z, -2.75573143513906633035e-07);
        p = Math.FusedMultiplyAdd(p, z, 2.48015872894767294178e-05);
        p = Math.FusedMultiplyAdd(p, z, -1.38888888888741095749e-03);
        p = Math.FusedMultiplyAdd(p, z, 4.16666666666666019037e-02);
        return Math.FusedMultiplyAdd(p * z, z, Math.FusedMultiplyAdd(-0.5, z, 1));
    }
}
