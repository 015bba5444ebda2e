using System.Text.Json;

using Trainer.Clusters;

using Xunit;

namespace Trainer.Jobs;

/// <summary>What <c>train</c> writes, prints and returns when a job runs to its end.</summary>
public sealed class TrainCommandTests : IAsyncDisposable
{
    private const string Job = """
        version: 1
        name: small
        data: {source: digits}
        training: {epochs: 2, batch_size: 64}
        """;

    private const string Diverging = """
        version: 1
        data: {source: digits}
        model: {hidden: [8], output: linear}
        loss: mse
        optimizer: {name: sgd, learning_rate: 1e30}
        """;

    private readonly ClusterSandbox _sandbox = new();

    private string JobPath => _sandbox.Trainer.Write("job.yaml", Job);

    private string RunFolder => Path.Combine(_sandbox.Trainer.Folder, "runs", "small-0001");

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Train_OwnSilos_WholeRunFolderAndNoSiloLeft()
    {
        CommandResult result = await _sandbox.SucceedAsync("train", JobPath, "--silos", "2", "--threads", "1");

        Assert.Equal(
            ["job.yaml", "metrics.jsonl", "model.safetensors", "summary.json"],
            Directory.GetFiles(RunFolder).Select(Path.GetFileName).Order());
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(RunFolder, "metrics.jsonl"), Stop)).Length);
        JsonElement summary = await SummaryAsync();
        Assert.Equal(
            ("completed", 2, 1),
            (summary.GetProperty("status").GetString(),
                summary.GetProperty("silos").GetInt32(),
                summary.GetProperty("threads").GetInt32()));
        string[] lines = result.Output.Split('\n');
        Assert.Equal(2, lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("completed: 2 epochs", StringComparison.Ordinal));
        Assert.Contains($"weights sha256  {summary.GetProperty("weights_sha256").GetString()}", lines);
        Assert.Equal("starting 2 silos ...\n", result.Error);
        Assert.Empty(LivingSilos());
    }

    [Fact]
    public async Task Train_JobOfTheRunFolder_SameWeights()
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "0");
        string first = (await SummaryAsync()).GetProperty("weights_sha256").GetString()!;

        CommandResult again = await _sandbox.SucceedAsync("train", Path.Combine(RunFolder, "job.yaml"), "--silos", "0");

        Assert.Contains(first, again.Output, StringComparison.Ordinal);
        Assert.Contains("small-0002", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Json_OneObjectALineAndNothingElse()
    {
        CommandResult result = await _sandbox.SucceedAsync(
            "train", JobPath, "--silos", "0", "--json", "--set", "training.batch_size=5000");

        JsonElement[] events =
        [
            .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(
            ["started", "epoch", "epoch", "finished"], events.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal("small-0001", events[0].GetProperty("id").GetString());
        Assert.Equal(
            ["event", "epoch", "step", "train_loss", "validation", "rows_per_second", "seconds", "gradient_norms"],
            events[2].EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            (await SummaryAsync()).EnumerateObject().Select(field => field.Name),
            events[3].EnumerateObject().Skip(1).Select(field => field.Name));
        Assert.StartsWith("warning: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RequirementMissed_5AndOneLine()
    {
        CommandResult result = await _sandbox.RunAsync(
            "train", JobPath, "--silos", "0", "--require", "test.accuracy=1.1", "--require", "test.loss=100");

        Assert.True(result.ExitCode == ExitCode.RequirementMissed, result.Everything);
        Assert.Matches(
            @"^trainer: requirement missed: test\.accuracy is 0\.\d+, required is at least 1\.1\.\n$", result.Error);
    }

    [Fact]
    public async Task Train_Diverged_3AndTheStep()
    {
        string job = _sandbox.Trainer.Write("huge.yaml", Diverging);

        CommandResult result = await _sandbox.RunAsync("train", job, "--silos", "0");

        Assert.True(result.ExitCode == ExitCode.Diverged, result.Everything);
        Assert.Matches("^trainer: [^\n]*[Ss]tep [0-9]+[^\n]*\n$", result.Error);
        Assert.Contains("diverged: ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--require", "test.acuracy=0.9")]
    [InlineData("--set", "training.epoch=3")]
    [InlineData("--set", "distributed.workers=1000")]
    [InlineData("--silos", "65")]
    [InlineData("--silos", "0", "--cluster", "default")]
    [InlineData("--silos", "0", "--detach")]
    public async Task Train_BadUsage_2AndNothingBegun(params string[] arguments)
    {
        CommandResult result = await _sandbox.RunAsync(["train", JobPath, .. arguments]);

        Assert.True(result.ExitCode == ExitCode.Usage, result.Everything);
        Assert.Matches("^trainer: [^\n]+\n$", result.Error);
        AssertNothingBegun();
    }

    [Fact]
    public async Task Train_OutNotEmpty_2AndUntouched()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_sandbox.Trainer.Folder, "mine")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "mine", Stop);

        CommandResult result = await _sandbox.RunAsync("train", JobPath, "--silos", "0", "--out", "mine");

        Assert.True(result.ExitCode == ExitCode.Usage, result.Everything);
        Assert.Equal("trainer: '--out mine' is not empty; name a new or an empty folder.\n", result.Error);
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
        AssertNothingBegun();
    }

    [Fact]
    public async Task Train_ClusterNotRunning_4AndNothingBegun()
    {
        CommandResult result = await _sandbox.RunAsync("train", JobPath, "--cluster", "lab");

        Assert.True(result.ExitCode == ExitCode.Unreachable, result.Everything);
        Assert.Matches("^trainer: [^\n]*'lab'[^\n]*\n$", result.Error);
        AssertNothingBegun();
    }

    [Fact]
    public async Task Train_DefaultClusterRuns_RunsOnIt()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1", "--threads", "1");

        CommandResult result = await _sandbox.SucceedAsync("train", JobPath);

        Assert.Contains("'default', 1 silo, 1 thread each", result.Output, StringComparison.Ordinal);
        Assert.Single(LivingSilos());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IEnumerable<SiloStateFile> LivingSilos()
    {
        string clusters = Path.Combine(_sandbox.Home.Root, "clusters");
        return Directory.GetDirectories(clusters)
            .SelectMany(folder => _sandbox.Folder(Path.GetFileName(folder)).ReadSilos())
            .Where(silo => silo.IsAlive);
    }

    private void AssertNothingBegun()
    {
        Assert.Empty(Directory.Exists(_sandbox.Home.Runs) ? Directory.GetFiles(_sandbox.Home.Runs) : []);
        string runs = Path.Combine(_sandbox.Trainer.Folder, "runs");
        Assert.Empty(Directory.Exists(runs) ? Directory.GetDirectories(runs) : []);
    }

    private async Task<JsonElement> SummaryAsync() => JsonDocument
        .Parse(await File.ReadAllTextAsync(Path.Combine(RunFolder, "summary.json"), Stop)).RootElement;
}
