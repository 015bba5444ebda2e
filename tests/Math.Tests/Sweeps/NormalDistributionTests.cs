using Xunit;

namespace Trainer.Sweeps;

public sealed class NormalDistributionTests
{
    // scipy.stats.norm.cdf
    [Theory]
    [InlineData(-30, 4.906713927148187e-198)]
    [InlineData(-8, 6.220960574271785e-16)]
    [InlineData(-5, 2.866515718791939e-07)]
    [InlineData(-1.5, 0.06680720126885807)]
    [InlineData(0, 0.5)]
    [InlineData(0.3, 0.6179114221889526)]
    [InlineData(3, 0.9986501019683699)]
    public void Cumulative_Points_AreScipys(double x, double expected)
    {
        double actual = NormalDistribution.Cumulative(x);

        Assert.InRange(actual / expected, 1 - 1e-7, 1 + 1e-7);
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-10)]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void Quantile_Probability_IsTheInverse(double p)
    {
        double x = NormalDistribution.Quantile(p);

        Assert.InRange(NormalDistribution.Cumulative(x) / p, 1 - 1e-7, 1 + 1e-7);
    }

    [Fact]
    public void Mass_UpperTail_KeepsItsDigits()
    {
        // norm.sf(9) - norm.sf(10)
        Assert.InRange(NormalDistribution.Mass(9, 10) / 1.1285122074236006e-19, 1 - 1e-7, 1 + 1e-7);
        Assert.Equal(NormalDistribution.Mass(-10, -9), NormalDistribution.Mass(9, 10));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(6, 9)]
    [InlineData(-40, -38)]
    public void TruncatedQuantile_AnyPlace_LiesBetweenTheEnds(double a, double b)
    {
        double last = a;
        for (double u = 0; u < 1; u += 0.125)
        {
            double x = NormalDistribution.TruncatedQuantile(u, a, b);

            Assert.InRange(x, last, b);
            last = x;
        }
    }
}
