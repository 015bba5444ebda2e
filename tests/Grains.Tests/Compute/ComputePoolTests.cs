using System.Collections.Concurrent;

using Trainer.Backends;

using Xunit;

namespace Trainer.Compute;

public sealed class ComputePoolTests
{
    [Fact]
    public async Task RunAsync_Computation_RunsOnAComputeThread()
    {
        using var pool = new ComputePool(1);

        string? name = await pool.RunAsync(() => Thread.CurrentThread.Name);

        Assert.Equal("compute-0", name);
    }

    [Fact]
    public async Task RunAsync_Throws_GivesItsException()
    {
        using var pool = new ComputePool(1);

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => pool.RunAsync<int>(() => throw new InvalidOperationException("mine")));

        Assert.Equal("mine", error.Message);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 7)]
    [InlineData(4, 1)]
    [InlineData(4, 1000)]
    public async Task TeamFor_AnyCount_RunsEachIndexOnce(int threads, int count)
    {
        using var pool = new ComputePool(threads);
        IComputeTeam team = pool.Team(threads);
        var seen = new ConcurrentBag<int>();

        await pool.RunAsync(() =>
        {
            team.For(count, seen.Add);
            return 0;
        });

        Assert.Equal(Enumerable.Range(0, count), seen.Order());
    }

    [Fact]
    public async Task TeamFor_EveryThreadBusyWithTeams_AllFinish()
    {
        using var pool = new ComputePool(2);
        IComputeTeam team = pool.Team(2);
        int done = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pool.RunAsync(() =>
        {
            team.For(64, _ => Interlocked.Increment(ref done));
            return 0;
        })));

        Assert.Equal(8 * 64, done);
    }

    [Fact]
    public async Task TeamFor_TileThrows_ThrowsOnceAllTilesEnded()
    {
        using var pool = new ComputePool(2);
        IComputeTeam team = pool.Team(2);
        int ended = 0;

        Task<int> run = pool.RunAsync(() =>
        {
            team.For(50, tile =>
            {
                Interlocked.Increment(ref ended);
                if (tile == 3)
                {
                    throw new InvalidOperationException("tile 3");
                }
            });
            return 0;
        });

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        Assert.Equal("tile 3", error.Message);
        Assert.Equal(50, ended);
    }

    [Fact]
    public void Team_MoreThanThePool_IsClipped()
    {
        using var pool = new ComputePool(3);

        Assert.Equal(3, pool.Team(16).Size);
        Assert.Same(SerialTeam.Instance, pool.Team(1));
    }
}
