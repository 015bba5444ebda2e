using Xunit;

namespace Trainer.Backends;

public sealed class SerialTeamTests
{
    [Fact]
    public void For_Count_RunsEachIndexOnceInOrder()
    {
        List<int> seen = [];

        SerialTeam.Instance.For(5, seen.Add);

        Assert.Equal([0, 1, 2, 3, 4], seen);
        Assert.Equal(1, SerialTeam.Instance.Size);
    }
}
