using System.Collections.Concurrent;
using System.Text;

using Trainer.Data;
using Trainer.Models;
using Trainer.Preprocessing;

using Xunit;

namespace Trainer.Reporting;

public sealed class LoadProgressTests
{
    [Fact]
    public async Task FollowAsync_WorkThatIsOverSoon_SaysNothing()
    {
        var lines = new ConcurrentQueue<string>();

        int result = await new LoadProgress(lines.Enqueue, TimeProvider.System).RunAsync(
            () => 7, () => "working", TestContext.Current.CancellationToken);

        Assert.Equal(7, result);
        Assert.Empty(lines);
    }

    [Fact]
    public async Task FollowAsync_WorkThatTakesLong_SaysSoEveryPeriod()
    {
        // The work ends with the second line, so nothing waits for longer than the lines take.
        var work = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new List<string>();
        var shown = new LoadProgress(
            line =>
            {
                lines.Add(line);
                if (lines.Count == 2)
                {
                    work.SetResult(7);
                }
            },
            TimeProvider.System);

        int result = await shown.FollowAsync(work.Task, () => "working");

        Assert.Equal(7, result);
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Matches(@"\Aworking, \d+ s\z", line));
    }

    [Fact]
    public async Task FollowAsync_WorkThatFails_ThrowsItsError() =>
        await Assert.ThrowsAsync<DataException>(() => new LoadProgress(_ => { }, TimeProvider.System).RunAsync<int>(
            () => throw new DataException("bad"), () => "working", TestContext.Current.CancellationToken));

    [Fact]
    public void Planning_BeforeAndAfterReading_SaysPassRowsAndShare()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, new StringBuilder("x,y\n").Insert(4, "1,2\n3,4\n", 600).ToString());
        var request = new DataRequest(
            Catalogue.Register(path), ["y"], [], [], [], 1, 0, 0, false, NumericScaling.None, OutputUnit.Linear, 1);
        var progress = new ReadProgress();
        string before = LoadProgress.Planning("a/job.yaml", progress);

        _ = DataPlan.Create(request, TestContext.Current.CancellationToken, progress);

        File.Delete(path);
        Assert.Equal("planning job.yaml: finding its data", before);
        Assert.Equal(
            "planning job.yaml: 1,200 rows read, pass 2 of 2, 100 %", LoadProgress.Planning("a/job.yaml", progress));
    }
}
