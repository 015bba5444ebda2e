using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trainer.Training;

/// <summary>
/// The two products of a regression in double, with the same bits on every processor: four lanes whatever the hardware
/// has, a multiplication and an addition of their own.
/// </summary>
/// <remarks>Rows are padded with zeros to a multiple of four values, the stride.</remarks>
internal static class RegressionProducts
{
    private const int Lanes = 4;

    /// <summary>The stride of rows of some features.</summary>
    /// <param name="features">Features, at least 1.</param>
    public static int Stride(int features) => (features + Lanes - 1) / Lanes * Lanes;

    /// <summary><c>z[r,k] = sum_i x[r,i] w[k,i]</c></summary>
    /// <param name="x">Rows, [rows][stride].</param>
    /// <param name="weights">Weights, [outputs][stride].</param>
    /// <param name="z">Receives the products, [rows][outputs].</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="stride">A multiple of four.</param>
    public static void Multiply(
        ReadOnlySpan<double> x, ReadOnlySpan<double> weights, Span<double> z, int outputs, int stride)
    {
        int rows = z.Length / outputs;
        for (int output = 0; output < outputs; output++)
        {
            ReadOnlySpan<double> w = weights.Slice(output * stride, stride);
            for (int row = 0; row < rows; row++)
            {
                z[(row * outputs) + output] = Dot(x.Slice(row * stride, stride), w);
            }
        }
    }

    /// <summary><c>sum_i a[i] b[i]</c>: lane j adds the products j, j+4, ..., then (0 + 2) + (1 + 3).</summary>
    /// <param name="a">Values, a multiple of four.</param>
    /// <param name="b">As many values.</param>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        Vector256.IsHardwareAccelerated ? DotLanes(a, b) : DotScalar(a, b);

    /// <summary><c>g[k,i] = g[k,i] + d[r,k] x[r,i]</c> for the rows in ascending order.</summary>
    /// <param name="d">Factors, [rows][outputs].</param>
    /// <param name="x">Rows, [rows][stride].</param>
    /// <param name="gradient">The sums, [outputs][stride].</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="stride">A multiple of four.</param>
    public static void AddOuter(
        ReadOnlySpan<double> d, ReadOnlySpan<double> x, Span<double> gradient, int outputs, int stride)
    {
        int rows = d.Length / outputs;
        for (int output = 0; output < outputs; output++)
        {
            Span<double> g = gradient.Slice(output * stride, stride);
            for (int row = 0; row < rows; row++)
            {
                AddScaled(d[(row * outputs) + output], x.Slice(row * stride, stride), g);
            }
        }
    }

    /// <summary><c>y[i] = y[i] + alpha x[i]</c></summary>
    /// <param name="alpha">The factor.</param>
    /// <param name="x">Values, a multiple of four.</param>
    /// <param name="y">The sums, as many.</param>
    public static void AddScaled(double alpha, ReadOnlySpan<double> x, Span<double> y)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            AddScaledLanes(alpha, x, y);
        }
        else
        {
            AddScaledScalar(alpha, x, y);
        }
    }

    internal static double DotLanes(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double left = ref MemoryMarshal.GetReference(a);
        ref double right = ref MemoryMarshal.GetReference(b[..a.Length]);
        Vector256<double> sum = Vector256<double>.Zero;
        for (nuint i = 0; i < (nuint)a.Length; i += Lanes)
        {
            sum += Vector256.LoadUnsafe(ref left, i) * Vector256.LoadUnsafe(ref right, i);
        }

        return (sum[0] + sum[2]) + (sum[1] + sum[3]);
    }

    internal static double DotScalar(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double lane0 = 0;
        double lane1 = 0;
        double lane2 = 0;
        double lane3 = 0;
        for (int i = 0; i < a.Length; i += Lanes)
        {
            lane0 += a[i] * b[i];
            lane1 += a[i + 1] * b[i + 1];
            lane2 += a[i + 2] * b[i + 2];
            lane3 += a[i + 3] * b[i + 3];
        }

        return (lane0 + lane2) + (lane1 + lane3);
    }

    internal static void AddScaledLanes(double alpha, ReadOnlySpan<double> x, Span<double> y)
    {
        ref double values = ref MemoryMarshal.GetReference(x);
        ref double sums = ref MemoryMarshal.GetReference(y[..x.Length]);
        Vector256<double> factor = Vector256.Create(alpha);
        for (nuint i = 0; i < (nuint)x.Length; i += Lanes)
        {
            Vector256<double> sum = Vector256.LoadUnsafe(ref sums, i) + (factor * Vector256.LoadUnsafe(ref values, i));
            sum.StoreUnsafe(ref sums, i);
        }
    }

    internal static void AddScaledScalar(double alpha, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] += alpha * x[i];
        }
    }
}
