using Xunit;

namespace Trainer.Models;

public sealed class ReferenceActivationTests
{
    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Derivative_AwayFromKinks_EqualsCentralDifferences(Activation activation)
    {
        const double step = 1e-5;
        for (double z = -6.05; z < 6; z += 0.1)
        {
            double above = ReferenceActivation.Value(activation, z + step);
            double below = ReferenceActivation.Value(activation, z - step);

            double derivative = ReferenceActivation.Derivative(activation, z);

            Assert.Equal((above - below) / (2 * step), derivative, 1e-9);
        }
    }

    // Abramowitz and Stegun, table 7.1, and erf(3) to 17 digits.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.52049987781304654)]
    [InlineData(1, 0.84270079294971487)]
    [InlineData(-1, -0.84270079294971487)]
    [InlineData(3, 0.99997790950300141)]
    [InlineData(100, 1)]
    public void Erf_KnownValues_ToFifteenDigits(double x, double expected) =>
        Assert.Equal(expected, ReferenceActivation.Erf(x), 2e-15);

    // torch.nn.functional.selu of -1 and 1.
    [Theory]
    [InlineData(-1, -1.1113307378125625)]
    [InlineData(1, 1.0507009873554805)]
    public void Value_Selu_EqualsPyTorch(double z, double expected) =>
        Assert.Equal(expected, ReferenceActivation.Value(Activation.Selu, z), 1e-14);
}
