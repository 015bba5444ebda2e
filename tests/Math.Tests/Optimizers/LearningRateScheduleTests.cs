using Xunit;

namespace Trainer.Optimizers;

public sealed class LearningRateScheduleTests
{
    private const int StepsPerEpoch = 10;
    private const long Steps = 100;

    [Fact]
    public void Rate_Constant_IsTheRate() => Assert.Equal(0.1f, Schedule(new ConstantCurve()).Rate(99));

    [Theory]
    [InlineData(0, 0.8)]
    [InlineData(19, 0.8)]
    [InlineData(20, 0.4)]
    [InlineData(40, 0.2)]
    [InlineData(99, 0.05)]
    public void Rate_Step_HalvesEveryTwoEpochs(long step, double expected) =>
        Assert.Equal((float)expected, Schedule(new StepCurve(2, 0.5), rate: 0.8).Rate(step), 1e-9f);

    [Theory]
    [InlineData(9, 0.1)]
    [InlineData(10, 0.09)]
    [InlineData(95, 0.0387420489)]
    public void Rate_Exponential_FallsAfterEveryEpoch(long step, double expected) =>
        Assert.Equal((float)expected, Schedule(new StepCurve(1, 0.9)).Rate(step), 1e-8f);

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(50, 0.055)]
    [InlineData(75, 0.0231801948)]
    [InlineData(100, 0.01)]
    public void Rate_Cosine_FallsToTheMinimum(long step, double expected) =>
        Assert.Equal((float)expected, Schedule(new CosineCurve(0.01)).Rate(step), 1e-8f);

    [Theory]
    [InlineData(0, 0.025)]
    [InlineData(2, 0.075)]
    [InlineData(3, 0.1)]
    [InlineData(4, 0.1)]
    public void Rate_Warmup_RisesInEqualParts(long step, double expected) =>
        Assert.Equal((float)expected, Schedule(new ConstantCurve(), warmup: 4).Rate(step), 1e-9f);

    private static LearningRateSchedule Schedule(RateCurve curve, double rate = 0.1, long warmup = 0) =>
        new(rate, warmup, StepsPerEpoch, Steps, curve);
}
