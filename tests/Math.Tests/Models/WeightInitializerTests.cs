using Trainer.Kernels;
using Trainer.Losses;

using Xunit;

namespace Trainer.Models;

public sealed class WeightInitializerTests
{
    private static readonly MlpArchitecture Network =
        new(50, [40], Activation.Relu, 35, OutputUnit.Linear, LossFunction.MeanSquaredError);

    private static readonly ParameterLayout Layout = new(Network);

    public static TheoryData<WeightInitialization, double> FirstBounds => new()
    {
        { WeightInitialization.He, Math.Sqrt(6.0 / 50) },
        { WeightInitialization.Xavier, Math.Sqrt(6.0 / 90) },
        { WeightInitialization.Lecun, Math.Sqrt(3.0 / 50) },
        { WeightInitialization.PyTorch, 1 / Math.Sqrt(50) },
    };

    [Theory]
    [MemberData(nameof(FirstBounds))]
    public void Fill_Weights_AreUniformWithinTheBound(WeightInitialization initialization, double bound)
    {
        float[] weights = [.. Layout.ToRowMajor(Fill(initialization, 3)).Take(50 * 40)];

        Assert.InRange(weights.Max(), 0.99 * bound, bound);
        Assert.InRange(weights.Min(), -bound, -0.99 * bound);
        Assert.InRange(weights.Average(), -0.04 * bound, 0.04 * bound);
        Assert.InRange(weights.Average(w => (double)w * w), 0.31 * bound * bound, 0.36 * bound * bound);
    }

    [Theory]
    [InlineData(WeightInitialization.He, false)]
    [InlineData(WeightInitialization.Xavier, false)]
    [InlineData(WeightInitialization.Lecun, false)]
    [InlineData(WeightInitialization.Zeros, false)]
    [InlineData(WeightInitialization.PyTorch, true)]
    public void Fill_Biases_AreDrawnOnlyByPyTorch(WeightInitialization initialization, bool drawn)
    {
        float[] biases = [.. Layout.ToRowMajor(Fill(initialization, 3)).Skip(50 * 40).Take(40)];

        Assert.Equal(drawn, biases.All(bias => bias != 0f));
        Assert.Equal(drawn, biases.Any(bias => bias != 0f));
    }

    [Fact]
    public void Fill_Zeros_IsZero() => AssertBits.Equal(new float[Layout.Length], Fill(WeightInitialization.Zeros, 3));

    [Fact]
    public void Fill_Padding_IsPositiveZero()
    {
        float[] values = Fill(WeightInitialization.PyTorch, 3);

        AssertBits.Equal(Layout.FromRowMajor(Layout.ToRowMajor(values)), values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Fill_Partitions_EqualTheWhole(int count)
    {
        float[] whole = Fill(WeightInitialization.PyTorch, 3);
        float[] parts = new float[whole.Length];

        for (int i = 0; i < count; i++)
        {
            ParameterRange range = Layout.Partition(i, count);
            WeightInitializer.Fill(
                Layout, WeightInitialization.PyTorch, 3, range, parts.AsSpan(range.Offset, range.Length));
        }

        AssertBits.Equal(whole, parts);
    }

    [Fact]
    public void Fill_Element_IsAFunctionOfSeedLayerAndElement()
    {
        float[] rowMajor = Layout.ToRowMajor(Fill(WeightInitialization.PyTorch, 3));
        var random = new SeededRandom(3, RandomStream.Initialization);
        float bound = (float)Math.Sqrt(1.0 / 40);

        // Layer 1: weight (o 34, i 39) and bias 34.
        int first = (50 * 40) + 40;
        Assert.Equal(((2f * random.Uniform(1, 1399)) - 1f) * bound, rowMajor[first + 1399]);
        Assert.Equal(((2f * random.Uniform(1, 1434)) - 1f) * bound, rowMajor[first + 1434]);
        Assert.NotEqual(rowMajor, Layout.ToRowMajor(Fill(WeightInitialization.PyTorch, 4)));
    }

    [Fact]
    public void Fill_WrongLength_Throws() => Assert.Throws<ArgumentException>(
        () => WeightInitializer.Fill(Layout, WeightInitialization.He, 1, new ParameterRange(0, 8), new float[7]));

    private static float[] Fill(WeightInitialization initialization, ulong seed)
    {
        // Stale values: everything must be written.
        float[] values = [.. Enumerable.Repeat(9f, Layout.Length)];
        WeightInitializer.Fill(Layout, initialization, seed, new ParameterRange(0, Layout.Length), values);
        return values;
    }
}
