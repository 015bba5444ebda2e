using CsCheck;

using Xunit;

namespace Trainer.Reporting.Plots;

public sealed class AxisRangeTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-1.2, 1.2, "-1.0 -0.5 0.0 0.5 1.0")]
    [InlineData(0, 100, "0 20 40 60 80 100")]
    [InlineData(1, 20, "5 10 15 20")]
    [InlineData(0, 12_000, "0 2,000 4,000 6,000 8,000 10,000 12,000")]
    [InlineData(0, 0.00005, "0 1e-5 2e-5 3e-5 4e-5 5e-5")]
    [InlineData(0, 5e9, "0 1e9 2e9 3e9 4e9 5e9")]
    public void Ticks_AnyRange_AreRoundNumbers(double minimum, double maximum, string expected)
    {
        IEnumerable<string> labels = new AxisRange(minimum, maximum).Ticks(6).Select(tick => tick.Label);

        Assert.Equal(expected, string.Join(' ', labels));
    }

    [Fact]
    public void WholeTicks_FewEpochs_SkipsHalves()
    {
        IEnumerable<string> labels = new AxisRange(1, 3).WholeTicks(6).Select(tick => tick.Label);

        Assert.Equal(3, labels.Count());
    }

    [Fact]
    public void Of_AnyValues_IsARangeThatHoldsThem() => Gen.Double.Array[0, 5].Sample(values =>
    {
        double[] small = [.. values.Where(value => !(Math.Abs(value) > 1e300))];

        AxisRange range = AxisRange.Of(small);

        Assert.True(range.Maximum > range.Minimum);
        Assert.All(small.Where(double.IsFinite), value => Assert.InRange(value, range.Minimum, range.Maximum));
        Assert.InRange(range.Ticks(6).Count, 1, 20);
    });

    [Theory]
    [InlineData(0.002, 30, "1e-3 1e-2 1e-1 1e0 1e1 1e2")]
    [InlineData(1e-12, 1, "1e-12 1e-10 1e-8 1e-6 1e-4 1e-2 1e0")]
    [InlineData(1, 1, "1e-1 1e0 1e1")]
    public void PowerTicks_Values_AreWholePowersAroundThem(double low, double high, string expected)
    {
        IEnumerable<string> labels = AxisRange.OfPowers([low, high]).PowerTicks(6).Select(tick => tick.Label);

        Assert.Equal(expected, string.Join(' ', labels));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(5.0)]
    [InlineData(-1e-12)]
    public void Of_EqualValues_StillHasALength(double value) =>
        Assert.True(AxisRange.Of([value, value, double.NaN]).Length > 0);
}
