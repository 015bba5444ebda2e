using Microsoft.Extensions.Time.Testing;

using Trainer.Grains;

using Xunit;

namespace Trainer.Runs;

public sealed class ProgressLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Watch_AfterSequenceSeen_ReturnsOnlyWhatIsNewer()
    {
        ProgressLog log = new(epochs: 3, steps: 30, _time);
        log.Report(Report(1));
        log.Tell("first");
        long seen = (await log.WatchAsync(0)).Sequence;
        log.Report(Report(2));
        log.Tell("second");

        JobProgress progress = await log.WatchAsync(seen);

        Assert.Equal([2], progress.Reports.Select(report => report.Epoch));
        Assert.Equal(["second"], progress.Messages);
        Assert.Equal(2, progress.Epoch);
    }

    [Fact]
    public async Task Report_EpochTrainedAgain_IsToldOnce()
    {
        ProgressLog log = new(3, 30, _time);
        log.Report(Report(1));
        log.Report(Report(2));

        log.Resumed(position: null);
        log.Report(Report(1));

        JobProgress progress = await log.WatchAsync(0);
        Assert.Equal([1, 2], progress.Reports.Select(report => report.Epoch));
        Assert.Equal((1, 0L), (progress.Epoch, progress.Step));
    }

    [Fact]
    public async Task Watch_AfterSequenceOfTheLogBefore_TellsAllOfThisOne()
    {
        ProgressLog before = new(3, 30, _time);
        for (int step = 0; step < 1000; step++)
        {
            before.Stepped(step);
        }

        long seen = (await before.WatchAsync(0)).Sequence;
        _time.Advance(TimeSpan.FromSeconds(1));
        ProgressLog after = new(3, 30, _time);
        after.Report(Report(1));

        Assert.Single((await after.WatchAsync(seen)).Reports);
        Assert.Single((await after.WatchAsync(long.MaxValue)).Reports);
    }

    [Fact]
    public async Task Watch_NothingNew_AnswersAfterTwoSeconds()
    {
        ProgressLog log = new(3, 30, _time);
        long seen = (await log.WatchAsync(0)).Sequence;

        Task<JobProgress> watch = log.WatchAsync(seen);

        Assert.False(watch.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(seen, (await watch).Sequence);
    }

    [Fact]
    public async Task Watch_WhileWaiting_WakesWithTheChange()
    {
        ProgressLog log = new(3, 30, _time);
        Task<JobProgress> watch = log.WatchAsync((await log.WatchAsync(0)).Sequence);

        log.Stepped(7);

        Assert.Equal(7, (await watch).Step);
    }

    [Fact]
    public async Task End_Failed_CarriesErrorAndSummary()
    {
        ProgressLog log = new(3, 30, _time);

        log.End(JobState.Failed, "why", "{}");

        JobProgress progress = await log.WatchAsync(0);
        Assert.Equal((JobState.Failed, "why", "{}"), (progress.State, progress.Error, progress.Summary));
    }

    private static EpochReport Report(int epoch) => 
        new(epoch, epoch * 10, 0.5, [], 1000, epoch) { Line = epoch };
}
