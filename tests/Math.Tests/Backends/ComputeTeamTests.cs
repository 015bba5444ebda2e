using Xunit;

namespace Trainer.Backends;

[Collection(MeasuredAlone.Name)]
public sealed class ComputeTeamTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 1000)]
    public void For_AnyCount_RunsEachIndexOnce(int threads, int count)
    {
        using var helpers = new HelperThreads(threads);
        int[] runs = new int[count];

        helpers.Team.For(count, tile => Interlocked.Increment(ref runs[tile]));

        Assert.All(runs, times => Assert.Equal(1, times));
    }

    // Each call has other tiles, so a tile of one call that ran in another would be seen.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void For_ManyCallsOfDifferentCounts_NeverMixesThem(int threads)
    {
        using var helpers = new HelperThreads(threads);
        int[] runs = new int[40];
        for (int call = 0; call < 20_000; call++)
        {
            int count = 1 + (call * 7 % 40);
            int last = call;
            helpers.Team.For(count, tile => runs[tile] = last);

            for (int tile = 0; tile < count; tile++)
            {
                if (runs[tile] != call)
                {
                    Assert.Fail($"Tile {tile} of call {call} has the result of call {runs[tile]}.");
                }
            }
        }
    }

    [Fact]
    public void For_NobodyComes_CallerDoesAll()
    {
        int calls = 0;
        var team = new ComputeTeam(4, _ =>
        {
            calls++;
            return false;
        });
        int done = 0;

        team.For(10, _ => done++);
        team.For(10, _ => done++);

        Assert.Equal((20, 2), (done, calls));
    }

    // A call that is answered too late, or never, must not hold the caller up.
    [Fact]
    public void For_HelperThatNeverStarts_CallerDoesAll()
    {
        var team = new ComputeTeam(2, _ => true);
        int done = 0;

        team.For(10, _ => done++);

        Assert.Equal(10, done);
    }

    [Fact]
    public void Help_WantedElsewhere_LeavesItsTilesToTheCaller()
    {
        using var helpers = new HelperThreads(3, () => true);
        int caller = Environment.CurrentManagedThreadId;
        List<int> threads = [];

        helpers.Team.For(100, _ => threads.Add(Environment.CurrentManagedThreadId));

        Assert.Equal(100, threads.Count);
        Assert.All(threads, thread => Assert.Equal(caller, thread));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void For_TilesThrow_ThrowsOneOnceAllEnded(int threads)
    {
        using var helpers = new HelperThreads(threads);
        int ended = 0;
        void Tile(int tile)
        {
            Interlocked.Increment(ref ended);
            throw new InvalidOperationException($"tile {tile}");
        }

        if (threads == 1)
        {
            // One thread stops at the first, as a loop does.
            Assert.Throws<InvalidOperationException>(() => helpers.Team.For(50, Tile));
            Assert.Equal(1, ended);
            return;
        }

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => helpers.Team.For(50, Tile));
        int done = 0;
        helpers.Team.For(50, _ => Interlocked.Increment(ref done));

        Assert.StartsWith("tile ", error.Message, StringComparison.Ordinal);
        Assert.Equal((50, 50), (ended, done));
    }

    [Fact]
    public void For_TileThatCallsItsTeam_RunsItsTiles()
    {
        using var helpers = new HelperThreads(2);
        int done = 0;

        helpers.Team.For(8, _ => helpers.Team.For(8, _ => Interlocked.Increment(ref done)));

        Assert.Equal(64, done);
    }

    [Fact]
    public void For_SteadyState_AllocatesNothing()
    {
        using var helpers = new HelperThreads(2);
        long sum = 0;
        Action<int> tile = index => Interlocked.Add(ref sum, index);
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int call = 0; call < 100; call++)
            {
                helpers.Team.For(16, tile);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(500 * 120, sum);
    }
}
