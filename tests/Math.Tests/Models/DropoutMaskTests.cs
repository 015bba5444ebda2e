using Xunit;

namespace Trainer.Models;

public sealed class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Fill_ManyRows_DropsTheShareAndKeepsTheMean(double rate)
    {
        const int rows = 5000;
        var mask = new DropoutMask(rate, seed: 3);
        float[] factors = new float[32];
        int dropped = 0;
        double sum = 0;

        for (int row = 0; row < rows; row++)
        {
            mask.Fill(1, row, 0, 0, factors);
            dropped += factors.Count(factor => factor == 0f);
            sum += factors.Sum(factor => (double)factor);
            Assert.All(factors, factor => Assert.True(factor == 0f || factor == (float)(1 / (1 - rate))));
        }

        // Five standard deviations of a share of 160,000 draws.
        double deviation = 5 * Math.Sqrt(rate * (1 - rate) / (32.0 * rows));
        Assert.Equal(rate, dropped / (32.0 * rows), deviation);
        Assert.Equal(1, sum / (32.0 * rows), deviation / (1 - rate));
    }

    [Fact]
    public void Fill_AnotherSeedEpochRowLayerOrPanel_GivesAnotherMask()
    {
        float[][] masks =
        [
            Factors(7, 1, 2, 3, 4), Factors(8, 1, 2, 3, 4), Factors(7, 2, 2, 3, 4), Factors(7, 1, 3, 3, 4),
            Factors(7, 1, 2, 4, 4), Factors(7, 1, 2, 3, 5),
        ];

        Assert.Equal(masks.Length, masks.Select(mask => string.Join(' ', mask)).Distinct().Count());
        Assert.Equal(masks[0], Factors(7, 1, 2, 3, 4));
    }

    private static float[] Factors(ulong seed, int epoch, int row, int layer, int panel)
    {
        float[] factors = new float[32];
        new DropoutMask(0.5, seed).Fill(epoch, row, layer, panel, factors);
        return factors;
    }
}
