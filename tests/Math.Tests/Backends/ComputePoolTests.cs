using System.Collections.Concurrent;

using Trainer.Losses;
using Trainer.Models;

using Xunit;

namespace Trainer.Backends;

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
        IComputeTeam team = pool.Team;
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
        IComputeTeam team = pool.Team;
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
        IComputeTeam team = pool.Team;
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

    // The helper goes to what waits, and the team goes on without it.
    [Fact]
    public async Task TeamFor_ComputationWaits_HelperLeavesForIt()
    {
        using var pool = new ComputePool(2);
        using var isWaiting = new SemaphoreSlim(0);
        var callerBegan = new TaskCompletionSource();
        var ran = new TaskCompletionSource();
        int done = 0;

        Task<bool> leads = pool.RunAsync(() =>
        {
            bool inTime = true;
            int caller = Environment.CurrentManagedThreadId;
            pool.Team.For(2, _ =>
            {
                // The caller's first tile ends only once the other computation has run on the other thread; a helper
                // leaves it one.
                if (Environment.CurrentManagedThreadId != caller)
                {
                    inTime &= callerBegan.Task.Wait(TimeSpan.FromSeconds(30));
                }
                else if (callerBegan.TrySetResult())
                {
                    isWaiting.Release();
                    inTime &= ran.Task.Wait(TimeSpan.FromSeconds(30));
                }

                Interlocked.Increment(ref done);
            });
            return inTime;
        });
        await isWaiting.WaitAsync(TestContext.Current.CancellationToken);
        await pool.RunAsync(() =>
        {
            ran.SetResult();
            return 0;
        });

        Assert.True(await leads);
        Assert.Equal(2, done);
    }

    [Fact]
    public async Task TeamFor_TwoTeamsOfOnePool_BothFinishManyCalls()
    {
        using var pool = new ComputePool(3);

        long[] sums = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => pool.RunAsync(() =>
        {
            long sum = 0;
            for (int call = 0; call < 5_000; call++)
            {
                pool.Team.For(7, tile => Interlocked.Add(ref sum, tile));
            }

            return sum;
        })));

        Assert.All(sums, sum => Assert.Equal(5_000 * 21, sum));
    }

    [Fact]
    public void TeamFor_CallerIsNoComputeThread_RunsTilesThere()
    {
        using var pool = new ComputePool(2);
        List<int> threads = [];

        pool.Team.For(5, _ => threads.Add(Environment.CurrentManagedThreadId));

        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 5), threads);
    }

    [Fact]
    public async Task Dispose_Queued_RunsItFirst()
    {
        var pool = new ComputePool(1);
        Task<int>[] queued = [.. Enumerable.Range(0, 10).Select(i => pool.RunAsync(() => i))];

        pool.Dispose();

        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(queued));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.RunAsync(() => 0));
    }

    [Fact]
    public void TeamFor_SmallNetwork_IsOneThread()
    {
        using var pool = new ComputePool(3);
        var small = new MlpArchitecture(
            13, [64, 32], Activation.Sigmoid, 1, OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy);
        var large = small with { Inputs = 784, Hidden = [512, 256] };

        Assert.Same(SerialTeam.Instance, pool.TeamFor(small, 32));
        Assert.Equal(3, pool.TeamFor(large, 128).Size);
        Assert.Equal(3, pool.TeamFor(small, 32, threshold: 0).Size);
    }
}
