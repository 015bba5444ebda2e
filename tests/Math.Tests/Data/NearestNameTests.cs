using Xunit;

namespace Trainer.Data;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["epochs", "batch_size", "max_steps", "shuffle"];

    [Theory]
    [InlineData("epoch", "epochs")]
    [InlineData("EPOCHS", "epochs")]
    [InlineData("peochs", "epochs")]
    [InlineData("batchsize", "batch_size")]
    [InlineData("shufle", "shuffle")]
    [InlineData("learning", null)]
    [InlineData("", null)]
    public void Of_Slip_IsTheNearestNameOrNone(string typed, string? expected)
    {
        string? near = NearestName.Of(typed, Names);

        Assert.Equal(expected, near);
    }

    [Fact]
    public void Of_EndlessName_IsNoSlipAndCostsNothing()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        string? near = NearestName.Of(new string('e', 1 << 20), Names);

        Assert.Null(near);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Theory]
    [InlineData("shufle", "; did you mean 'shuffle'?")]
    [InlineData("learning", "")]
    public void Hint_Typed_IsAQuestionOrNothing(string typed, string expected) =>
        Assert.Equal(expected, NearestName.Hint(typed, Names));
}
