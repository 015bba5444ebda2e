using Trainer.Models;

using Xunit;

namespace Trainer.Kernels;

public sealed class ElementwiseKernelsTests
{
    private delegate void Map(ReadOnlySpan<float> x, Span<float> y);

    // Every length from empty to past four 512-bit vectors, so each loop and each tail runs.
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 67)];

    public static TheoryData<string> Functions => ["exp", "expm1", "log", "log1p", "sigmoid", "tanh", "erf"];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Functions_AnyLength_EqualTheScalarBitForBit(int length)
    {
        float[] x = Arguments(length, 20f);

        AssertLanes(ElementwiseKernels.Exp, Elementary.Exp, x);
        AssertLanes(ElementwiseKernels.Sigmoid, Elementary.Sigmoid, x);
        AssertLanes(ElementwiseKernels.Tanh, Elementary.Tanh, x);
        AssertLanes(ElementwiseKernels.Relu, value => value > 0f ? value : 0f, x);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void BackwardAddScale_AnyLength_EqualTheScalarBitForBit(int length)
    {
        float[] a = [.. Arguments(length, 1f).Select(Elementary.Sigmoid)];
        float[] d = Arguments(length, 3f);

        AssertInPlace(ElementwiseKernels.SigmoidBackward, (x, y) => y * (x * (1f - x)), a, d);
        AssertInPlace(ElementwiseKernels.TanhBackward, (x, y) => y * MathF.FusedMultiplyAdd(-x, x, 1f), a, d);
        AssertInPlace(ElementwiseKernels.ReluBackward, (x, y) => x > 0f ? y : 0f, Arguments(length, 1f), d);
        AssertInPlace((x, y) => ElementwiseKernels.Add(y, x), (x, y) => y + x, a, d);
        float[] factors = [.. d.Select((_, i) => i % 3 == 0 ? 0f : 1.5f)];
        AssertInPlace(ElementwiseKernels.Mask, (x, y) => x == 0f ? 0f : y * x, factors, d);
        float[] scaled = [.. d];
        ElementwiseKernels.Scale(scaled, 0.3f);
        AssertBits.Equal([.. d.Select(value => value * 0.3f)], scaled);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Function_AllMagnitudes_WithinStatedUlp(string name)
    {
        (Func<float, float> actual, Func<double, double> exact, IEnumerable<float> arguments) = name switch
        {
            "exp" => ((Func<float, float>)Elementary.Exp, (Func<double, double>)Math.Exp, Sweep(-87f, 88.7f)),
            "expm1" => (Elementary.Expm1, ExactExpm1, Sweep(-20f, 88.7f).Concat(Magnitudes().Where(x => x < 88.7f))),
            "erf" => (Elementary.Erf, ReferenceActivation.Erf, Sweep(-5f, 5f).Concat(Magnitudes())),
            "log" => (Elementary.Log, Math.Log, Magnitudes().Select(MathF.Abs)),
            "log1p" => (Elementary.Log1p, ExactLog1p, Sweep(-0.99f, 3f).Concat(Magnitudes().Select(MathF.Abs))),
            "sigmoid" => (Elementary.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Sweep(-80f, 80f)),
            _ => (Elementary.Tanh, Math.Tanh, Sweep(-10f, 10f).Concat(Magnitudes())),
        };

        (double error, float at) = arguments.Select(x => (Ulps(actual(x), exact(x)), x)).MaxBy(pair => pair.Item1);

        Assert.True(error <= 2.5, $"{name}({at:R}) is off by {error:F2} ulp");
    }

    [Fact]
    public void Function_Extremes_AreRight()
    {
        Assert.Equal(float.PositiveInfinity, Elementary.Exp(88.8f));
        Assert.Equal(0f, Elementary.Exp(-104f));
        Assert.Equal(0f, Elementary.Exp(float.NegativeInfinity));
        Assert.Equal((float)Math.Exp(-100), Elementary.Exp(-100f), float.Epsilon);
        Assert.True(float.IsNaN(Elementary.Exp(float.NaN)));
        Assert.Equal(float.NegativeInfinity, Elementary.Log(0f));
        Assert.True(float.IsNaN(Elementary.Log(-1f)));
        Assert.Equal(float.PositiveInfinity, Elementary.Log(float.PositiveInfinity));
        Assert.Equal(0f, Elementary.Log(1f));
        Assert.Equal(1f, Elementary.Tanh(50f));
        Assert.Equal(-1f, Elementary.Tanh(float.NegativeInfinity));
        Assert.Equal(-1f, Elementary.Expm1(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, Elementary.Expm1(89f));
        Assert.True(float.IsNaN(Elementary.Expm1(float.NaN)));
        Assert.Equal(1f, Elementary.Erf(float.PositiveInfinity));
        Assert.Equal(-1f, Elementary.Erf(-4f));
        Assert.True(float.IsNaN(Elementary.Erf(float.NaN)));
        Assert.Equal(0f, Elementary.Sigmoid(float.NegativeInfinity));
        Assert.Equal(1f, Elementary.Sigmoid(800f));
        Assert.True(float.IsNaN(Elementary.Sigmoid(float.NaN)));
        Assert.True(float.IsNaN(Elementary.Tanh(float.NaN)));
        float[] relu = [float.NaN, -0f, -3f, 3f];
        ElementwiseKernels.Relu(relu, relu);
        Assert.True(float.IsNaN(relu[0]));
        AssertBits.Equal([0f, 0f, 3f], relu.AsSpan(1));
    }

    [Fact]
    public void FlushSubnormals_Values_BecomePositiveZeroBelowNormal()
    {
        float[] values = [1e-39f, -1e-39f, FloatBits.SmallestNormal, -FloatBits.SmallestNormal, -0f, 1f, float.Epsilon];

        ElementwiseKernels.FlushSubnormals(values);

        AssertBits.Equal([0f, 0f, FloatBits.SmallestNormal, -FloatBits.SmallestNormal, 0f, 1f, 0f], values);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void IndexOfNonFinite_EachPosition_IsFound(int length)
    {
        float[] values = Arguments(length, 5f);

        Assert.Equal(-1, ElementwiseKernels.IndexOfNonFinite(values));
        for (int i = length - 1; i >= 0; i--)
        {
            values[i] = i % 2 == 0 ? float.NaN : float.NegativeInfinity;
            Assert.Equal(i, ElementwiseKernels.IndexOfNonFinite(values));
        }
    }

    [Fact]
    public void DoubleFunctions_Sweep_CloseToTheLibrary()
    {
        for (double x = -40; x <= 40; x += 0.0371)
        {
            Assert.Equal(1.0, Elementary.Exp(x) / Math.Exp(x), 5e-16);
            Assert.Equal(Math.Sin(x), Elementary.Sin(x), 1e-15);
            Assert.Equal(Math.Cos(x), Elementary.Cos(x), 1e-15);
            double positive = Math.Exp(x);
            Assert.Equal(Math.Log(positive), Elementary.Log(positive), 1e-15 * Math.Max(1, Math.Abs(x)));
        }

        Assert.Equal(Math.Sin(1e6), Elementary.Sin(1e6), 1e-15);
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(710.0));
        Assert.Equal(0.0, Elementary.Exp(-746.0));
        Assert.Equal(double.NegativeInfinity, Elementary.Log(0.0));
        Assert.True(double.IsNaN(Elementary.Log(-1.0)));
        Assert.Equal(Math.Log(5e-324), Elementary.Log(5e-324), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Elementary.Sin(double.NaN));
    }

    [Fact]
    public void Exp_DifferentLengths_ThrowsNamingBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => ElementwiseKernels.Exp(new float[2], new float[3]));

        Assert.StartsWith(
            "'x' has length 2 but 'y' has length 3; they must be equal.", error.Message, StringComparison.Ordinal);
    }

    private static float[] Arguments(int length, float scale)
    {
        var random = new SeededRandom((ulong)length, RandomStream.Generator);
        return [.. Enumerable.Range(0, length).Select(i => ((random.Uniform(0, (ulong)i) * 2f) - 1f) * scale)];
    }

    private static IEnumerable<float> Sweep(float from, float to) =>
        Enumerable.Range(0, 200_001).Select(i => from + ((to - from) * (i / 200_000f)));

    private static IEnumerable<float> Magnitudes() =>
        Enumerable.Range(1, 0x7F7F).Select(i => BitConverter.Int32BitsToSingle((i << 16) + (i * 7919 % 65536)))
            .SelectMany(x => new[] { x, -x });

    private static double ExactExpm1(double x) =>
        Math.Abs(x) < 1e-4 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    private static double ExactLog1p(double x) =>
        Math.Abs(x) < 1e-4 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    private static double Ulps(float actual, double exact)
    {
        float rounded = (float)exact;
        float ulp = MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded);
        return Math.Abs(actual - exact) / ulp;
    }

    private static void AssertLanes(Map map, Func<float, float> scalar, float[] x)
    {
        float[] actual = new float[x.Length];
        map(x, actual);
        AssertBits.Equal([.. x.Select(scalar)], actual);
    }

    private static void AssertInPlace(Map map, Func<float, float, float> scalar, float[] a, float[] d)
    {
        float[] actual = [.. d];
        map(a, actual);
        AssertBits.Equal([.. a.Zip(d, scalar)], actual);
    }
}
