using Xunit;

namespace Trainer.Training;

public sealed class RegressionProductsTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 20).Select(i => i * 4)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Dot_AnyLength_HasTheBitsOfTheScalarLoop(int length)
    {
        double[] a = Values(length, 1);
        double[] b = Values(length, 2);

        double sum = RegressionProducts.DotLanes(a, b);

        double expected = RegressionProducts.DotScalar(a, b);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(sum));
        Assert.Equal(a.Zip(b, (x, y) => x * y).Sum(), sum, 1e-14 * (length + 1));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AddScaled_AnyLength_HasTheBitsOfTheScalarLoop(int length)
    {
        double[] x = Values(length, 1);
        double[] expected = Values(length, 2);
        double[] actual = [.. expected];

        RegressionProducts.AddScaledLanes(0.3, x, actual);

        RegressionProducts.AddScaledScalar(0.3, x, expected);
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Multiply_Rows_AreTheDotsOfEachPair()
    {
        double[] z = new double[6];

        RegressionProducts.Multiply([1, 2, 3, 4, 5, 6, 7, 8], [1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 1], z, 3, 4);

        Assert.Equal([1, 2, 10, 5, 6, 26], z);
    }

    [Fact]
    public void AddOuter_Rows_AddToEachOutput()
    {
        double[] gradient = [100, 0, 0, 0, 0, 0, 0, 0];

        RegressionProducts.AddOuter([1, 10, 2, 20], [1, 2, 3, 4, 5, 6, 7, 8], gradient, 2, 4);

        Assert.Equal([111, 14, 17, 20, 110, 140, 170, 200], gradient);
    }

    private static double[] Values(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() * 2) - 1)];
    }
}
