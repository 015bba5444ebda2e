using Microsoft.Extensions.Time.Testing;

using Trainer.Cluster;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Reporting;

using Xunit;

namespace Trainer.Training;

public sealed class JobWatcherTests
{
    private const string Completed = """{"status":"completed","epochs":2}""";

    private readonly FakeTimeProvider _time = new();
    private readonly FakeJob _job = new();
    private readonly List<string> _notes = [];
    private readonly List<JobProgress> _shown = [];
    private SummaryFile? _summary;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobWatcher Watcher => new(_job, () => _summary, _notes.Add, "start it again.", _time);

    [Fact]
    public async Task WatchAsync_ToTheEnd_EveryChangeAfterTheOneBefore()
    {
        _job.Then(Progress(3)).Then(Progress(7)).Then(End(9, JobState.Completed));

        RunOutcome outcome = await WatchAsync();

        Assert.Equal(JobState.Completed, outcome.State);
        Assert.Equal(2, outcome.Summary?.Epochs);
        Assert.Equal([0, 3, 7], _job.Watched);
        Assert.Equal([3, 7, 9], _shown.Select(progress => progress.Sequence));
    }

    [Fact]
    public async Task WatchAsync_Failed_TheJobsError()
    {
        _job.Then(End(2, JobState.Diverged) with { Error = "Step 2: loss became NaN." });

        RunOutcome outcome = await WatchAsync();

        Assert.Equal((JobState.Diverged, "Step 2: loss became NaN."), (outcome.State, outcome.Error));
    }

    [Fact]
    public async Task WatchAsync_Messages_AreShownAsTheyAre()
    {
        _job.Then(End(2, JobState.Completed) with { Messages = ["fold 1/5 tested", "warning: worker 1 is slow."] });

        await WatchAsync();

        Assert.Equal(["fold 1/5 tested", "warning: worker 1 is slow."], _notes);
    }

    [Fact]
    public async Task WatchAsync_CallsFailForAWhile_GoesOnAndSaysSoOnce()
    {
        _job.Then(Progress(3))
            .Then(new TimeoutException("late"))
            .Then(new SiloUnavailableException("gone"))
            .Then(End(5, JobState.Completed));

        RunOutcome outcome = await WatchAsync();

        Assert.Equal(JobState.Completed, outcome.State);
        Assert.Equal([0, 3, 3, 3], _job.Watched);
        Assert.Equal(["the cluster does not answer; trying again for 20 s"], _notes);
    }

    [Fact]
    public async Task WatchAsync_AnotherSiloLeadsTheJob_WaitsAndTellsEveryEpochOnce()
    {
        _job.Then(Progress(3) with { Reports = [Report(1), Report(2)] })
            .Then(new JobNotRunningException("Job 'a-0001' does not run on this cluster."))
            .Then(End(5, JobState.Completed) with { Reports = [Report(1), Report(2), Report(3)] });

        RunOutcome outcome = await WatchAsync();

        Assert.Equal(JobState.Completed, outcome.State);
        Assert.Equal([1, 2, 3], _shown.SelectMany(progress => progress.Reports).Select(report => report.Epoch));
        Assert.Equal(["the silo that led the job ended; waiting for another one for 20 s"], _notes);

        static EpochReport Report(int epoch) => new(epoch, epoch * 10, 0.5, [], 1000, epoch) { Line = epoch };
    }

    [Fact]
    public async Task WatchAsync_CallsFailTwice_PatienceBeginsAnew()
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (int _ in Enumerable.Range(0, 30))
            {
                _job.Then(new TimeoutException("late"));
            }

            _job.Then(Progress(round + 1));
        }

        _job.Then(End(9, JobState.Completed));

        RunOutcome outcome = await WatchAsync();

        Assert.Equal(JobState.Completed, outcome.State);
    }

    [Fact]
    public async Task WatchAsync_SilentFor20Seconds_Unreachable()
    {
        _job.Then(new TimeoutException("late"));
        DateTimeOffset start = _time.GetUtcNow();

        var error = await Assert.ThrowsAsync<ClusterUnreachableException>(WatchAsync);

        Assert.Equal("the cluster has not answered for 20 s; start it again.", error.Message);
        Assert.InRange((_time.GetUtcNow() - start).TotalSeconds, 20, 21);
    }

    [Fact]
    public async Task WatchAsync_ClusterEndedWithTheJob_SummaryOfTheFolder()
    {
        _job.Then(Progress(3)).Then(() =>
        {
            _summary = SummaryFile.Parse(Completed);
            return Task.FromException<JobProgress>(new SiloUnavailableException("gone"));
        });

        RunOutcome outcome = await WatchAsync();

        Assert.Equal((JobState.Completed, _summary), (outcome.State, outcome.Summary));
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task WatchAsync_JobUnknown_FailedWithWhatTheGrainSays()
    {
        _job.Then(new TrainerException("Job 'a-0001' does not run on this cluster."));

        RunOutcome outcome = await WatchAsync();

        Assert.Equal(
            new RunOutcome(JobState.Failed, "Job 'a-0001' does not run on this cluster.", Summary: null), outcome);
    }

    [Fact]
    public async Task WatchAsync_JobForgottenAfterItsEnd_SummaryOfTheFolder()
    {
        _summary = SummaryFile.Parse(Completed);
        _job.Then(new TrainerException("Job 'a-0001' does not run on this cluster."));

        RunOutcome outcome = await WatchAsync();

        Assert.Equal(JobState.Completed, outcome.State);
    }

    [Fact]
    public async Task WatchAsync_CancelledAndCalledAgain_GoesOnWhereItWas()
    {
        using var stop = new CancellationTokenSource();
        var never = new TaskCompletionSource<JobProgress>();
        _job.Then(Progress(4)).Then(async () =>
        {
            await stop.CancelAsync();
            return await never.Task;
        }).Then(End(6, JobState.Cancelled));
        JobWatcher watcher = Watcher;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watcher.WatchAsync(_shown.Add, stop.Token));
        RunOutcome outcome = await watcher.WatchAsync(_shown.Add, Stop);

        Assert.Equal(JobState.Cancelled, outcome.State);
        Assert.Equal([0, 4, 4], _job.Watched);
    }

    [Fact]
    public async Task CancelAsync_JobEnds_ItsOutcome()
    {
        _job.Then(Progress(3)).Then(End(4, JobState.Cancelled));

        RunOutcome? outcome = await Watcher.CancelAsync(_shown.Add, Stop);

        Assert.Equal(JobState.Cancelled, outcome?.State);
        Assert.Equal(1, _job.Cancels);
    }

    [Fact]
    public async Task CancelAsync_JobGoesOn_NullAfter10Seconds()
    {
        _job.Then(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), _time, Stop);
            return Progress(3);
        });
        DateTimeOffset start = _time.GetUtcNow();

        RunOutcome? outcome = await RunAsync(Watcher.CancelAsync(_shown.Add, Stop));

        Assert.Null(outcome);
        Assert.InRange((_time.GetUtcNow() - start).TotalSeconds, 10, 11);
    }

    [Fact]
    public async Task CancelAsync_CallFailsOnce_AsksAgain()
    {
        _job.OnCancel = () => _job.Cancels == 1
            ? Task.FromException(new TimeoutException("late"))
            : Task.CompletedTask;
        _job.Then(End(4, JobState.Cancelled));

        RunOutcome? outcome = await RunAsync(Watcher.CancelAsync(_shown.Add, Stop));

        Assert.Equal((JobState.Cancelled, 2), (outcome?.State, _job.Cancels));
    }

    [Fact]
    public async Task StartAsync_CallFailsOnce_StartsAgain()
    {
        _job.OnStart = () => _job.Starts == 1
            ? Task.FromException(new SiloUnavailableException("gone"))
            : Task.CompletedTask;
        Task start = Watcher.StartAsync(Submission, Stop);

        await RunAsync(Wait());

        Assert.Equal(2, _job.Starts);

        async Task<bool> Wait()
        {
            await start;
            return true;
        }
    }

    [Fact]
    public async Task StartAsync_JobRefused_ThrowsWhatTheGrainSays()
    {
        _job.OnStart = () => Task.FromException(new TrainerException("No."));

        await Assert.ThrowsAsync<TrainerException>(() => Watcher.StartAsync(Submission, Stop));

        Assert.Equal(1, _job.Starts);
    }

    private static JobSubmission Submission =>
        new(
            "a-0001",
            new Jobs.JobSpec(),
            DataPlan: "{}",
            RunFolder: "/a",
            Baselines: "{}",
            SiloProcesses: 1,
            TraceParent: null);

    private static JobProgress Progress(long sequence) =>
        new(sequence, JobState.Running, 1, 2, 20, 40, [], [], Error: null, Summary: null);

    private static JobProgress End(long sequence, JobState state) =>
        Progress(sequence) with { State = state, Summary = $$"""{"status":"x","epochs":2}""" };

    private Task<RunOutcome> WatchAsync() => RunAsync(Watcher.WatchAsync(_shown.Add, Stop));

    // Lets the fake clock run, in small steps, until the task has ended.
    private async Task<T> RunAsync<T>(Task<T> task)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!task.IsCompleted)
        {
            deadline.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(0.25));
            await Task.Yield();
        }

        return await task;
    }
}
