using Xunit;

namespace Trainer.Recovery;

public sealed class RecoveryLimitTests
{
    private readonly RecoveryLimit _limit = new();

    [Fact]
    public void Next_JobGetsFurtherEachTime_NeverGivesUp()
    {
        for (int step = 0; step < 1000; step++)
        {
            Assert.Equal(TimeSpan.Zero, _limit.Next(step));
        }
    }

    [Fact]
    public void Next_JobFailsAtTheSameStep_WaitsLongerAndGivesUp()
    {
        TimeSpan?[] pauses = [.. Enumerable.Range(0, RecoveryLimit.Most + 1).Select(_ => _limit.Next(7))];

        Assert.Null(pauses[^1]);
        Assert.Equal(TimeSpan.Zero, pauses[0]);
        Assert.Equal(pauses[..^1].Order(), pauses[..^1]);
        Assert.True(pauses[^2] <= TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Next_JobFailsEarlierThanBefore_IsNoProgress()
    {
        _limit.Next(100);
        TimeSpan?[] pauses = [.. Enumerable.Range(0, RecoveryLimit.Most).Select(step => _limit.Next(step))];

        Assert.Null(pauses[^1]);
        Assert.DoesNotContain(TimeSpan.Zero, pauses[..^1].OfType<TimeSpan>());
    }

    [Fact]
    public void Next_JobGetsFurtherAfterFailures_CountsAnew()
    {
        for (int failure = 0; failure < RecoveryLimit.Most; failure++)
        {
            _limit.Next(7);
        }

        Assert.Equal(TimeSpan.Zero, _limit.Next(8));
    }
}
