using Xunit;

namespace Trainer.Runs;

public sealed class StepPacingTests
{
    [Fact]
    public void Next_FewStepsLeft_ReturnsThose() => Assert.Equal(3, new StepPacing().Next(3));

    [Fact]
    public void Next_FastSteps_GrowsToHalfASecondOfWork()
    {
        var pacing = new StepPacing();

        int count = 0;
        for (int i = 0; i < 10; i++)
        {
            count = pacing.Next(1_000_000);
            pacing.Measured(count, TimeSpan.FromMilliseconds(count));
        }

        Assert.InRange(count, 450, 500);
    }

    [Fact]
    public void Next_SlowSteps_ShrinksToOne()
    {
        var pacing = new StepPacing();

        pacing.Measured(8, TimeSpan.FromSeconds(80));

        Assert.Equal(1, pacing.Next(1_000_000));
    }
}
