using System.Text.Json.Nodes;

using Trainer.Errors;
using Trainer.Grains;

using Xunit;

namespace Trainer.Sweeps;

public sealed class SweepWatcherTests
{
    private static readonly SweepSubmission Submission = new("toy-0001", TrialRows.Text, "", "", 1, null);

    private readonly SweepTable _table = new(Goal.Maximize);
    private readonly List<string> _notes = [];
    private readonly List<SweepChange> _changes = [];
    private JsonObject? _summary;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WatchAsync_ToTheEnd_EachEndedTrialOnce()
    {
        TrialRow running = TrialRows.Completed(1, double.NaN, 0.1, 8) with { State = TrialState.Running };
        FakeSweep sweep = new FakeSweep()
            .Then(Progress(3, SweepState.Running, TrialRows.Completed(0, 0.5, 0.1, 8), running))
            .Then(Progress(5, SweepState.Completed, TrialRows.Completed(1, 0.7, 0.1, 8)));

        SweepOutcome outcome = await Watcher(sweep).WatchAsync(_changes.Add, Stop);

        Assert.Equal([0L, 3L], sweep.Watched);
        Assert.Equal([0, 1], _changes.SelectMany(change => change.Ended).Select(trial => trial.Number));
        Assert.Equal(
            (SweepState.Completed, 1, ExitCode.Done),
            (outcome.State, outcome.Table.Best?.Number, outcome.ExitCode));
    }

    [Fact]
    public async Task WatchAsync_SweepThatGoesOn_OldTrialsAreNotNew()
    {
        _table.Put(TrialRows.Completed(0, 0.5, 0.1, 8));
        FakeSweep sweep = new FakeSweep().Then(Progress(
            4, SweepState.Completed, TrialRows.Completed(0, 0.5, 0.1, 8), TrialRows.Completed(1, 0.6, 0.1, 8)));

        await Watcher(sweep).WatchAsync(_changes.Add, Stop);

        SweepChange change = Assert.Single(_changes);
        Assert.Equal((1, 1), (Assert.Single(change.Ended).Number, change.EndedBefore));
    }

    [Fact]
    public async Task WatchAsync_LeaderEnds_IsStartedAgainFromTheTable()
    {
        FakeSweep sweep = new FakeSweep()
            .Then(Progress(7, SweepState.Running))
            .Then(new TrainerException("Sweep 'toy-0001' does not run on this cluster."))
            .Then(Progress(2, SweepState.Completed));
        SweepWatcher watcher = Watcher(sweep);
        await watcher.StartAsync(Submission, Stop);

        SweepOutcome outcome = await watcher.WatchAsync(_changes.Add, Stop);

        Assert.Equal((SweepState.Completed, 2), (outcome.State, sweep.Starts));
        Assert.Equal([0L, 7L, 0L], sweep.Watched);
        Assert.Contains("another one goes on from the table", Assert.Single(_notes));
    }

    [Fact]
    public async Task WatchAsync_OnlyWatching_LeaderEnds_Fails()
    {
        FakeSweep sweep = new FakeSweep().Then(new TrainerException("gone"));

        SweepOutcome outcome = await Watcher(sweep).WatchAsync(_changes.Add, Stop);

        Assert.Equal((SweepState.Failed, "gone", ExitCode.Failed), (outcome.State, outcome.Error, outcome.ExitCode));
    }

    [Fact]
    public async Task WatchAsync_GrainGoneButSummaryThere_OutcomeOfTheFolder()
    {
        _summary = JsonNode.Parse("""{"status":"cancelled","wall_seconds":3}""")!.AsObject();
        FakeSweep sweep = new FakeSweep().Then(new TrainerException("gone"));

        SweepOutcome outcome = await Watcher(sweep).WatchAsync(_changes.Add, Stop);

        Assert.Equal(
            (SweepState.Cancelled, 3.0, ExitCode.Cancelled),
            (outcome.State, outcome.WallSeconds, outcome.ExitCode));
    }

    [Fact]
    public async Task CancelAsync_Running_WatchesItEnd()
    {
        FakeSweep sweep = new FakeSweep().Then(Progress(9, SweepState.Cancelled));

        SweepOutcome? outcome = await Watcher(sweep).CancelAsync(_changes.Add, Stop);

        Assert.Equal((SweepState.Cancelled, 1), (outcome?.State, sweep.Cancels));
    }

    private static SweepProgress Progress(long sequence, SweepState state, params TrialRow[] changed) =>
        new(sequence, state, 6, [.. changed], [], null, state >= SweepState.Completed ? "{}" : null);

    private SweepWatcher Watcher(FakeSweep sweep) =>
        new(sweep, _table, () => _summary, _notes.Add, "try again.", TimeProvider.System);
}
