namespace Trainer.Tests;

public sealed class SmokeTests
{
    [Xunit.Fact]
    public void True() => Xunit.Assert.True(true);
}
