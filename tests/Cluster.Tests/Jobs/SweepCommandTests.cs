using System.Diagnostics;
using System.Text.Json.Nodes;

using Trainer.Clusters;

using Xunit;

namespace Trainer.Jobs;

/// <summary>What <c>sweep</c> writes, prints and returns, with real processes.</summary>
public sealed class SweepCommandTests : IAsyncDisposable
{
    private const string Sweep = """
        name: small
        data: {source: digits}
        split: {train: 0.7, validation: 0.3, test: 0}
        training: {epochs: 2, batch_size: 64}
        early_stopping: null
        sweep:
          metric: validation.loss
          trials: 6
          space:
            optimizer.learning_rate: {log_uniform: [1e-3, 1e-1]}
            model.hidden: {layers: {int: [1, 2]}, width: {choice: [8, 16]}}
        """;

    private readonly ClusterSandbox _sandbox = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string SweepPath => _sandbox.Trainer.Write("sweep.yaml", Sweep);

    private string Folder => Path.Combine(_sandbox.Trainer.Folder, "sweeps", "small-0001");

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Sweep_Json_AnEventATrialAndTheFinishedOne()
    {
        CommandResult result = await _sandbox.SucceedAsync("sweep", SweepPath, "--silos", "1", "--json");

        JsonObject[] events = Events(result.Output);
        Assert.Equal(
            [.. Enumerable.Repeat("trial", 6), "finished"], events.Select(line => (string)line["event"]!));
        Assert.Equal(Enumerable.Range(0, 6), events[..6].Select(line => (int)line["number"]!).Order());
        double best = events[..6].Min(line => (double)line["value"]!);
        Assert.Equal(best, (double)events[^1]["best"]!["value"]!);
        Assert.Equal(6, (int)events[^1]["trials"]!["completed"]!);
        string?[] files = [.. Directory.GetFiles(Folder).Select(Path.GetFileName)];
        Assert.All(
            (string[])["job.yaml", "summary.json", "sweep.json", "sweep.yaml", "trials.jsonl"],
            name => Assert.Contains(name, files));
    }

    [Fact]
    public async Task SweepBest_JobTrainedAlone_SameMetric()
    {
        await _sandbox.SucceedAsync("sweep", SweepPath, "--silos", "0");
        CommandResult best = await _sandbox.SucceedAsync("sweep", "best", "small-0001", "--json");
        CommandResult job = await _sandbox.SucceedAsync("sweep", "best", "small-0001", "--job");
        string path = _sandbox.Trainer.Write("best.yaml", job.Output);

        CommandResult trained = await _sandbox.SucceedAsync("train", path, "--silos", "0", "--json");

        Assert.Equal(
            (double)JsonNode.Parse(best.Output)!["value"]!,
            (double)Events(trained.Output)[^1]["validation"]!["loss"]!);
    }

    [Fact]
    public async Task SweepResume_AfterSiloAndClientWereKilled_SameTableAndNoTrialTwice()
    {
        string[] slow = ["--set", "training.epochs=150", "--set", "sweep.parallel=1"];
        await _sandbox.SucceedAsync(["sweep", SweepPath, "--silos", "1", "--out", "undisturbed", .. slow]);
        using (Process client = _sandbox.Trainer.Start(
            ["sweep", SweepPath, "--silos", "1", "--json", "--out", "killed", .. slow]))
        {
            Assert.NotNull(await client.StandardOutput.ReadLineAsync(Stop));
            Assert.NotNull(await client.StandardOutput.ReadLineAsync(Stop));
            KillSilo();
            client.Kill();
            await client.WaitForExitAsync(Stop);
        }

        CommandResult resumed = await _sandbox.SucceedAsync("sweep", "resume", "killed", "--silos", "1", "--json");

        Assert.Equal("finished", (string?)Events(resumed.Output)[^1]["event"]);
        Assert.InRange(Events(resumed.Output).Length, 1, 5);
        string[] lines = await File.ReadAllLinesAsync(Table("killed"), Stop);
        Assert.Equal(6, lines.Length);
        Assert.Equal(Values("undisturbed"), Values("killed"));
    }

    [Fact]
    public async Task SweepResume_MoreTrials_RunsOnlyThose()
    {
        await _sandbox.SucceedAsync("sweep", SweepPath, "--silos", "0");

        CommandResult resumed = await _sandbox.SucceedAsync(
            "sweep", "resume", "small-0001", "--trials", "8", "--silos", "0", "--json");

        Assert.Equal(
            [6, 7],
            Events(resumed.Output)[..^1].Select(line => (int)line["number"]!).Order());
        Assert.Contains("changed: sweep.trials: 6 -> 8", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_SomeDiverge_0AndMarked()
    {
        CommandResult result = await _sandbox.SucceedAsync(
            "sweep",
            SweepPath,
            "--silos",
            "0",
            "--json",
            "--set",
            "optimizer={name: sgd, learning_rate: 0.1}",
            "--set",
            "sweep.sampler=grid",
            "--set",
            "sweep.space={optimizer.learning_rate: {choice: [0.01, 1e30, 0.02]}}");

        JsonObject[] events = Events(result.Output);
        JsonObject diverged = Assert.Single(events, line => (string?)line["state"] == "diverged");
        Assert.Matches("[Ss]tep [0-9]+", (string)diverged["error"]!);
        Assert.Equal((2, 1), ((int)events[^1]["trials"]!["completed"]!, (int)events[^1]["trials"]!["diverged"]!));
    }

    [Fact]
    public async Task Sweep_AllDiverge_1()
    {
        CommandResult result = await _sandbox.RunAsync(
            "sweep",
            SweepPath,
            "--silos",
            "0",
            "--set",
            "optimizer={name: sgd, learning_rate: 0.1}",
            "--set",
            "sweep.space={optimizer.learning_rate: {choice: [1e30, 2e30]}}");

        Assert.True(result.ExitCode == ExitCode.Failed, result.Everything);
    }

    [Theory]
    [InlineData("sweep.metric=validation.r2", "'sweep.metric' is validation.r2")]
    [InlineData("sweep.metric=test.loss", "'sweep.metric' is test.loss, but the test part has no rows")]
    [InlineData("split={folds: 3}", "'split.folds' and 'sweep' exclude each other")]
    [InlineData("sweep.trials=0", "'sweep.trials' is 0")]
    [InlineData("sweep.space.model.activatoin={choice: [relu]}", "did you mean 'model.activation'?")]
    public async Task Sweep_BadFile_2AndNothingBegun(string set, string expected)
    {
        CommandResult result = await _sandbox.RunAsync("sweep", SweepPath, "--silos", "0", "--set", set);

        Assert.True(result.ExitCode == ExitCode.Usage, result.Everything);
        Assert.Matches("^trainer: [^\n]+\n$", result.Error);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_sandbox.Trainer.Folder, "sweeps")));
    }

    [Fact]
    public async Task Train_SweepFile_2AndWhatRunsIt()
    {
        CommandResult result = await _sandbox.RunAsync("train", SweepPath);

        Assert.True(result.ExitCode == ExitCode.Usage, result.Everything);
        Assert.EndsWith("'sweep' makes this a sweep file; run it with 'trainer sweep FILE'.\n", result.Error);
    }

    private void KillSilo()
    {
        SiloStateFile silo = Directory.GetDirectories(Path.Combine(_sandbox.Home.Root, "clusters"))
            .SelectMany(folder => _sandbox.Folder(Path.GetFileName(folder)).ReadSilos())
            .Single(silo => silo.IsAlive);
        using var process = Process.GetProcessById(silo.Process.Pid);
        process.Kill();
        process.WaitForExit();
    }

    private static JsonObject[] Events(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    private string Table(string folder) => Path.Combine(_sandbox.Trainer.Folder, folder, "trials.jsonl");

    private IEnumerable<(int Number, double Value, string Parameters)> Values(string folder) =>
    [
        .. File.ReadLines(Table(folder))
            .Select(line => JsonNode.Parse(line)!)
            .Select(row => ((int)row["number"]!, (double)row["value"]!, row["parameters"]!.ToJsonString()))
            .OrderBy(row => row.Item1),
    ];
}
