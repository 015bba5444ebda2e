using Spectre.Console;

using Trainer.Grains;

using Xunit;

namespace Trainer.Reporting;

public sealed class LiveViewTests
{
    private static readonly EpochReport Report = new(
        3, 120, 0.21344, [new MetricValue("loss", 0.20109), new MetricValue("accuracy", 0.94441)], 12345.4, 1.23);

    private static readonly JobProgress Halfway = new(9, JobState.Running, 10, 20, 400, 800, [Report], [], null, null);

    [Fact]
    public void Lines_80Columns_BarAndFigures() => Assert.Equal(
        [
            "epoch 10/20  step 400/800  ###############...............  50 %  7 s left",
            "train loss 0.2134  validation loss 0.2011  accuracy 0.9444",
            "12,345 rows/s  1.2 s",
        ],
        LiveFrame.Lines(Halfway, Report, TimeSpan.FromSeconds(6.5), 73, isUnicode: false));

    [Fact]
    public void Lines_NoRoomForABar_NoBar() => Assert.Equal(
        "epoch 10/20  step 400/800  50 %",
        LiveFrame.Lines(Halfway, Report, remaining: null, 38, isUnicode: true)[0]);

    [Fact]
    public void Lines_BeforeTheFirstEpoch_State() => Assert.Equal(
        "starting",
        LiveFrame.Lines(
                Halfway with { State = JobState.Starting }, last: null, remaining: null, 80, isUnicode: true)[1]);

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(79)]
    [InlineData(200)]
    public void Lines_AnyWidth_Fit(int width) => Assert.All(
        LiveFrame.Lines(Halfway, Report, TimeSpan.FromHours(3), width, isUnicode: true),
        line => Assert.True(line.Length <= width, line));

    [Fact]
    public async Task WatchAsync_Ended_LeavesTheFinalBlock()
    {
        using var screen = new StringWriter();
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        var view = new LiveView(console, output, TextWriter.Null, TimeProvider.System);
        var ended = RunOutcome.Of(SummaryFile.Parse("""{"status":"completed"}"""));

        RunOutcome outcome = await view.WatchAsync(() =>
        {
            view.Progress(Halfway);
            view.Note("warning: [not markup]");
            return Task.FromResult(ended);
        });
        view.Finished(new RunReference("a-0001", "/a", null), outcome);

        Assert.Contains("epoch 10/20", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("warning: [not markup]", screen.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("completed: ", output.ToString(), StringComparison.Ordinal);
    }
}
