using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

using Trainer.Clusters;

using Xunit;

namespace Trainer.Jobs;

/// <summary>Sweeps over real processes, some of which are killed.</summary>
public sealed partial class SweepTests : IAsyncDisposable
{
    private const string Sweep = """
        version: 1
        name: search
        data: {source: digits}
        model: {hidden: [16]}
        training: {epochs: 40, batch_size: 32}
        early_stopping: null
        sweep:
          sampler: {name: tpe, startup_trials: 4}
          metric: validation.loss
          trials: 16
          space:
            optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}
            model.activation: {choice: [relu, tanh]}
        """;

    private const int KillSignal = 9;
    private const int TermSignal = 15;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ClusterSandbox _sandbox = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => _sandbox.Trainer.Write("sweep.yaml", Sweep);

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Sweep_SiloKilled_EndsWithTheTableOfAnUndisturbedOne(int victim)
    {
        await _sandbox.SucceedAsync("sweep", File, "--silos", "2", "--out", "whole");
        using Process sweep = _sandbox.Trainer.Start("sweep", File, "--silos", "2", "--out", "killed");
        await AwaitTrialsAsync("killed", 3);
        SiloStateFile[] silos = [.. Silos().OrderBy(silo => silo.Name, StringComparer.Ordinal)];
        Assert.Equal(0, Kill(silos[victim].Process.Pid, KillSignal));

        CommandResult result = await EndAsync(sweep);
        if (result.ExitCode != ExitCode.Done)
        {
            Assert.Contains("trainer sweep resume", result.Error, StringComparison.Ordinal);
            await _sandbox.SucceedAsync("sweep", "resume", "killed", "--silos", "2");
        }

        Assert.Equal(Table("whole"), Table("killed"));
        Assert.Equal(16, Lines("killed").Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Sweep_SiloStopped_AnotherOneGoesOnToTheSameTable(int victim)
    {
        await _sandbox.SucceedAsync("sweep", File, "--silos", "2", "--out", "whole");
        using Process sweep = _sandbox.Trainer.Start("sweep", File, "--silos", "2", "--out", "stopped");
        await AwaitTrialsAsync("stopped", 3);
        SiloStateFile[] silos = [.. Silos().OrderBy(silo => silo.Name, StringComparer.Ordinal)];
        Assert.Equal(0, Kill(silos[victim].Process.Pid, TermSignal));

        CommandResult result = await EndAsync(sweep);

        Assert.True(result.ExitCode == ExitCode.Done, result.Everything);
        Assert.Equal(Table("whole"), Table("stopped"));
        Assert.Equal(16, Lines("stopped").Length);
    }

    [Fact]
    public async Task Sweep_ClientKilled_ResumeRunsNothingTwiceAndEndsWithTheSameTable()
    {
        await _sandbox.SucceedAsync("sweep", File, "--silos", "2", "--out", "whole");
        using Process sweep = _sandbox.Trainer.Start("sweep", File, "--silos", "2", "--out", "left");
        await AwaitTrialsAsync("left", 3);
        sweep.Kill();
        await sweep.WaitForExitAsync(Stop);
        await ClusterSandbox.UntilAsync(
            () => Silos().Length == 0, Deadline, () => "silos outlive their client");
        string[] before = Lines("left");

        await _sandbox.SucceedAsync("sweep", "resume", "left", "--silos", "2");

        Assert.Equal(before, Lines("left")[..before.Length]);
        Assert.Equal(16, Lines("left").Length);
        Assert.Equal(Table("whole"), Table("left"));
    }

    [Fact]
    public async Task SweepJob_TrainedAlone_HasTheValueOfItsTrial()
    {
        await _sandbox.SucceedAsync("sweep", File, "--silos", "0", "--set", "sweep.trials=5", "--out", "whole");
        CommandResult job = await _sandbox.SucceedAsync("sweep", "job", "whole", "4");
        string path = _sandbox.Trainer.Write("trial.yaml", job.Output);

        await _sandbox.SucceedAsync("train", path, "--silos", "2", "--out", "alone");

        string summary = await System.IO.File.ReadAllTextAsync(
            Path.Combine(_sandbox.Trainer.Folder, "alone", "summary.json"), Stop);
        double loss = JsonDocument.Parse(summary).RootElement.GetProperty("validation").GetProperty("loss").GetDouble();
        Assert.Equal(Table("whole")[4].Value, loss);
    }

    private static async Task<CommandResult> EndAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> error = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    private Task AwaitTrialsAsync(string folder, int trials) => ClusterSandbox.UntilAsync(
        () => Lines(folder).Length >= trials, Deadline, () => $"'{folder}' has {Lines(folder).Length} trials");

    private string[] Lines(string folder)
    {
        string path = Path.Combine(_sandbox.Trainer.Folder, folder, TrialTable.FileName);
        return System.IO.File.Exists(path) ? System.IO.File.ReadAllLines(path) : [];
    }

    // By number: state, value and parameters.
    private SortedDictionary<int, (string State, double Value, string Parameters)> Table(string folder) => new(
        Lines(folder).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(
            row => row.GetProperty("number").GetInt32(),
            row => (
                row.GetProperty("state").GetString()!,
                row.GetProperty("value").GetDouble(),
                row.GetProperty("parameters").GetRawText())));

    private SiloStateFile[] Silos() =>
    [
        .. Directory.GetDirectories(Path.Combine(_sandbox.Home.Root, "clusters"))
            .SelectMany(folder => _sandbox.Folder(Path.GetFileName(folder)).ReadSilos())
            .Where(silo => silo.IsAlive),
    ];

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
