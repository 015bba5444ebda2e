using System.Text.Json.Nodes;

using Spectre.Console;

using Trainer.Grains;

using Xunit;

namespace Trainer.Sweeps;

public sealed class SweepViewTests : IDisposable
{
    private readonly TemporaryHome _place = new();

    private static SweepTable Table => new(Goal.Maximize, TrialRows.Six());

    private static LeaderboardStatus Status { get; } = new(
        "validation.accuracy", SweepState.Running, 30, TimeSpan.FromSeconds(4), 1.5, TimeSpan.FromSeconds(16));

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Progress_InAPipe_OneLineATrial()
    {
        using var output = new StringWriter();

        new PlainSweepView(output, TextWriter.Null).Progress(
            new SweepChange(SweepState.Running, 30, Table, [.. TrialRows.Six()], 0));

        Assert.Equal(
            [
                "trial  0  completed  0.8000  10 epochs  400 ms  learning_rate=0.001 hidden=[8]",
                "trial  1  completed  0.9000 ± 0.0497  10 epochs  400 ms  learning_rate=0.01235 hidden=[16]",
                "trial  2  completed  0.7000  10 epochs  400 ms  learning_rate=0.0002 hidden=[8,16]",
                "trial  3  pruned     0.8500   3 epochs  400 ms  learning_rate=0.05 hidden=[16,8]",
                "trial  4  diverged   -        2 epochs  400 ms  learning_rate=0.1 hidden=[8]  "
                    + "loss is NaN at step 12 in layer 1",
                "trial  5  completed  0.9000  10 epochs  400 ms  learning_rate=0.02 hidden=[8]",
            ],
            Lines(output));
    }

    [Fact]
    public void Progress_Json_EventsOfTheContract()
    {
        using var output = new StringWriter();

        new JsonSweepView(output, TextWriter.Null).Progress(
            new SweepChange(SweepState.Running, 30, Table, [TrialRows.Six()[1], TrialRows.Six()[4]], 0));

        JsonObject[] events = [.. Lines(output).Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"event":"trial","number":1,"state":"completed","value":0.9,
                "parameters":{"optimizer.learning_rate":0.01234567,"model.hidden":[16]},
                "epochs":10,"seconds":0.4,"silo":"silo-0","values":[0.88,0.9,0.92]}
                """),
            events[0]));
        Assert.Equal(("diverged", null), ((string?)events[1]["state"], events[1]["value"]));
    }

    [Fact]
    public void Finished_Json_BestAndCounts()
    {
        using var output = new StringWriter();
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()));

        new JsonSweepView(output, TextWriter.Null).Finished(
            sweep, new SweepOutcome(SweepState.Completed, null, sweep.Table, 2.5));

        JsonObject last = JsonNode.Parse(Assert.Single(Lines(output)))!.AsObject();
        Assert.Equal(
            ("finished", "toy-0001", 2.5),
            ((string?)last["event"], (string?)last["sweep"], (double)last["wall_seconds"]!));
        Assert.Equal((1, 0.9), ((int)last["best"]!["number"]!, (double)last["best"]!["value"]!));
        Assert.Equal("""{"completed":4,"pruned":1,"diverged":1,"failed":0}""", last["trials"]!.ToJsonString());
    }

    [Fact]
    public void Finished_InAPipe_CountsBestCommandFolderDepth()
    {
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()));

        string[] lines =
        [
            .. SweepFinalBlock.Lines(
                sweep, new SweepOutcome(SweepState.Completed, null, sweep.Table, 2.5), _place.Folder),
        ];

        Assert.Equal(
            [
                "completed: 6 trials in 2.5 s: 4 completed, 1 pruned, 1 diverged",
                "best    trial 1: validation.accuracy 0.9000 ± 0.0497 (mean of 3 seeds, 95 % interval)",
                "again   trainer train sweeps/toy-0001/job.yaml --set optimizer.learning_rate=0.01234567 "
                    + "--set 'model.hidden=[16]'",
                "folder  sweeps/toy-0001",
                "",
                "validation.accuracy by depth and width of the widest layer: mean / best",
            ],
            lines[..6]);
    }

    [Theory]
    [InlineData("it's", "--set 'model.activation=it'\\''s'")]
    [InlineData("relu", "--set model.activation=relu")]
    [InlineData("$HOME", "--set 'model.activation=$HOME'")]
    public void Command_AnyValue_IsAWordOfTheShell(string value, string expected)
    {
        TrialRow trial = TrialRows.Completed(0, 1) with
        {
            Parameters = [KeyValuePair.Create("model.activation", value)],
        };

        Assert.Equal($"trainer train job.yaml {expected}", TrialText.Command("job.yaml", trial));
    }

    [Fact]
    public void Frame_ShortTerminal_BestOnesAndFigures()
    {
        LeaderboardLine[] lines = [.. LeaderboardFrame.Lines(Table, Status, 200, 6)];

        Assert.Equal(
            [
                "rank  trial  state      silo    epochs  validation.accuracy    time  parameters",
                "   1      1  completed  silo-0      10      0.9000 ± 0.0497  400 ms  "
                    + "learning_rate=0.01235 hidden=[16]",
                "   2      5  completed  silo-0      10               0.9000  400 ms  learning_rate=0.02 hidden=[8]",
                "   3      0  completed  silo-0      10               0.8000  400 ms  learning_rate=0.001 hidden=[8]",
                "6/30 trials: 4 completed, 1 pruned, 1 diverged",
                "running  4.0 s  1.5 trials/s  16 s left",
            ],
            lines.Select(line => line.Text));
    }

    [Fact]
    public void Frame_Pruned_Faint()
    {
        IReadOnlyList<LeaderboardLine> lines = LeaderboardFrame.Lines(Table, Status, 80, 40);

        Assert.Contains("pruned", Assert.Single(lines, line => line.IsFaint).Text);
    }

    [Fact]
    public void Frame_ManyEnded_StillShowsThoseThatRun()
    {
        TrialRow[] rows =
        [
            .. Enumerable.Range(0, 50).Select(number => TrialRows.Completed(number, number, 0.01, 8)),
            TrialRows.Completed(50, double.NaN, 0.01, 8) with { State = TrialState.Running, Epochs = 4 },
        ];

        IReadOnlyList<LeaderboardLine> lines =
            LeaderboardFrame.Lines(new SweepTable(Goal.Maximize, rows), Status, 80, 12);

        Assert.Equal(12, lines.Count);
        Assert.Contains(lines, line => line.Text.Contains("running", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 3)]
    [InlineData(79, 5)]
    [InlineData(300, 100)]
    public void Frame_AnyTerminal_FitsItsColumns(int width, int height) => Assert.All(
        LeaderboardFrame.Lines(Table, Status, width, height),
        line => Assert.InRange(line.Text.Length, 0, width));

    [Fact]
    public async Task WatchAsync_Terminal_LeavesTheFinalBlock()
    {
        using var screen = new StringWriter();
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        var view = new LiveSweepView(console, output, TextWriter.Null, TimeProvider.System);
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()));
        var ended = new SweepOutcome(SweepState.Completed, null, sweep.Table, 2.5);

        SweepOutcome outcome = await view.WatchAsync("validation.accuracy", () =>
        {
            view.Progress(new SweepChange(SweepState.Running, 30, Table, [], 0));
            return Task.FromResult(ended);
        });
        view.Finished(sweep, outcome);

        Assert.Contains("rank", screen.ToString());
        Assert.StartsWith("completed: 6 trials", output.ToString(), StringComparison.Ordinal);
    }

    private static string[] Lines(StringWriter output) =>
        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
