using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

using Trainer.Checkpoints;
using Trainer.Clusters;

using Xunit;

namespace Trainer.Jobs;

/// <summary>Runs that are killed, interrupted or paused, and end like one that nothing happened to.</summary>
public sealed partial class ResumeTests : IAsyncDisposable
{
    // Dropout, a schedule, clipping and early stopping: all of it goes on in the middle of an epoch.
    private const string Job = """
        version: 1
        name: long
        data: {source: digits}
        model: {hidden: [512, 256], dropout: 0.1}
        optimizer: {name: adam, learning_rate: 0.001, clip_norm: 1}
        schedule: {name: cosine, warmup_steps: 20}
        training: {epochs: 60, batch_size: 64}
        early_stopping: {metric: validation.loss, patience: 60}
        checkpoint: {every_seconds: 0.2}
        """;

    private const int Interrupt = 2;
    private const int KillSignal = 9;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ClusterSandbox _sandbox = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string JobPath => _sandbox.Trainer.Write("job.yaml", Job);

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Resume_EverythingKilledAgainAndAgain_SameResultOnAnyNumberOfSilos()
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "1", "--out", "whole");
        (string Command, string Silos, int Epochs)[] attempts =
            [("train", "2", 8), ("resume", "3", 25), ("resume", "1", 45)];
        foreach ((string command, string silos, int epochs) in attempts)
        {
            string[] what = command == "train" ? [JobPath, "--out", "killed"] : ["killed"];
            using Started trainer = Start([command, .. what, "--silos", silos, "--threads", "1"]);
            await UntilAsync(() => Lines("killed").Length >= epochs && Newest("killed") is not null);
            await KillAllAsync(trainer);
            Assert.False(File.Exists(Path.Combine(Folder("killed"), "summary.json")));
        }

        Assert.Matches(@"long-0002 +lost .* step [\d,]+ +killed", (await _sandbox.SucceedAsync("runs")).Output);
        CommandResult end = await _sandbox.SucceedAsync("resume", "long-0002", "--silos", "2", "--json");

        JsonElement started = JsonDocument.Parse(end.Output.Split('\n')[0]).RootElement;
        Assert.True(started.GetProperty("resumed_step").GetInt64() > 0);
        AssertSameResult("whole", "killed");
        Assert.Equal(4, Newest("killed")!.Value.Incarnation);
    }

    [Fact]
    public async Task Resume_KilledBeforeTheFirstCheckpoint_BeginsAgain()
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "1", "--out", "whole");
        using Started train = Start(
            "train", JobPath, "--silos", "2", "--out", "killed", "--set", "checkpoint.every_seconds=null");
        await UntilAsync(() => Lines("killed").Length >= 3);
        await KillAllAsync(train);

        CommandResult end = await _sandbox.SucceedAsync("resume", "killed", "--silos", "1");

        Assert.Contains("run 'long-0002' has no checkpoint yet: it begins again", end.Error, StringComparison.Ordinal);
        AssertSameResult("whole", "killed");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    public async Task Train_Interrupted_CheckpointIsWrittenAndResumeGoesOn(string silos)
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "1", "--out", "whole");
        using Started train = Start(
            "train", JobPath, "--silos", silos, "--out", "stopped", "--set", "checkpoint.every_seconds=3600");
        await UntilAsync(() => Lines("stopped").Length >= 5);

        CommandResult interrupted = await EndAsync(train, Interrupt);

        Assert.True(interrupted.ExitCode == ExitCode.Cancelled, interrupted.Everything);
        Assert.Matches(
            @"trainer: cancelled; 'trainer resume long-0002' goes on after step [\d,]+\.\n", interrupted.Error);
        await _sandbox.SucceedAsync("resume", "stopped", "--silos", "1");
        AssertSameResult("whole", "stopped");
    }

    [Fact]
    public async Task Pause_OnARunningCluster_ResumeGoesOnThere()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        await _sandbox.SucceedAsync("train", JobPath, "--out", "whole", "--set", "training.epochs=150");
        using Started train = Start("train", JobPath, "--out", "paused", "--set", "training.epochs=150");
        await UntilAsync(() => Lines("paused").Length >= 5);

        CommandResult paused = await _sandbox.SucceedAsync("pause", "long-0002");

        Assert.Matches(
            @"run 'long-0002' has ended: paused; 'trainer resume long-0002' goes on after step [\d,]+\n", paused.Error);
        CommandResult watched = await EndAsync(train, signal: null);
        Assert.True(watched.ExitCode == ExitCode.Cancelled, watched.Everything);
        Assert.Matches(@"long-0002 +paused ", (await _sandbox.SucceedAsync("runs")).Output);
        await _sandbox.SucceedAsync("resume", "long-0002");
        AssertSameResult("whole", "paused");
    }

    [Fact]
    public async Task Up_AfterTheWholeClusterWasKilled_ItsRunGoesOnByItself()
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "1", "--out", "whole");
        await _sandbox.SucceedAsync("up", "--silos", "2");
        using Started train = Start("train", JobPath, "--out", "killed");
        await UntilAsync(() => Lines("killed").Length >= 8 && Newest("killed") is not null);
        await KillAllAsync(train);

        CommandResult up = await _sandbox.SucceedAsync("up", "--silos", "3");

        Assert.Contains("run 'long-0002' was cut off when the cluster ended: resuming it", up.Error);
        await _sandbox.SucceedAsync("attach", "long-0002");
        AssertSameResult("whole", "killed");
        await _sandbox.SucceedAsync("down");
        CommandResult again = await _sandbox.SucceedAsync("up", "--silos", "1");
        Assert.DoesNotContain("resuming", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_RunThatCannotBe_2AndOneLine()
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "0", "--out", "whole", "--set", "training.epochs=3");
        await _sandbox.SucceedAsync(
            "train", JobPath, "--silos", "1", "--out", "runs-on", "--detach", "--set", "training.epochs=100000");

        CommandResult completed = await _sandbox.RunAsync("resume", "whole");
        CommandResult running = await _sandbox.RunAsync("resume", "long-0002");
        await _sandbox.SucceedAsync("cancel", "long-0002");
        File.AppendAllText(Path.Combine(Folder("runs-on"), "job.yaml"), "\n# changed\nseed: 43\n");
        CommandResult unreadable = await _sandbox.RunAsync("resume", "long-0002");
        string job = File.ReadAllText(Path.Combine(Folder("runs-on"), "job.yaml"));
        File.WriteAllText(
            Path.Combine(Folder("runs-on"), "job.yaml"),
            job[..job.IndexOf("\n# changed", StringComparison.Ordinal)]
                .Replace("seed: 42", "seed: 43", StringComparison.Ordinal));
        CommandResult changed = await _sandbox.RunAsync("resume", "long-0002");

        Assert.All(
            [completed, running, unreadable, changed],
            result => Assert.True(result.ExitCode == ExitCode.Usage, result.Everything));
        Assert.StartsWith("trainer: run 'long-0001' has completed, so there is nothing to resume", completed.Error);
        Assert.Equal("trainer: run 'long-0002' still runs; 'trainer attach long-0002' follows it.\n", running.Error);
        Assert.Contains("': 'job.yaml' has changed since. Put it back as it was", changed.Error);
    }

    private static async Task<CommandResult> EndAsync(Started trainer, int? signal)
    {
        Assert.Equal(0, signal is { } given ? Kill(trainer.Process.Id, given) : 0);
        await trainer.Process.WaitForExitAsync(Stop).WaitAsync(Deadline, Stop);
        return new CommandResult(trainer.Process.ExitCode, await trainer.Output, await trainer.Error);
    }

    private static Task UntilAsync(Func<bool> condition) =>
        ClusterSandbox.UntilAsync(condition, Deadline, () => "the job does not go on");

    private Started Start(params string[] arguments)
    {
        Process process = _sandbox.Trainer.Start(arguments);
        return new Started(
            process, process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
    }

    private async Task KillAllAsync(Started trainer)
    {
        string clusters = Path.Combine(_sandbox.Home.Root, "clusters");
        int[] silos =
        [
            .. Directory.GetDirectories(clusters)
                .SelectMany(folder => _sandbox.Folder(Path.GetFileName(folder)).ReadSilos())
                .Where(silo => silo.IsAlive)
                .Select(silo => silo.Process.Pid),
        ];
        trainer.Process.Kill();
        Array.ForEach(silos, silo => Kill(silo, KillSignal));
        await trainer.Process.WaitForExitAsync(Stop);
        await UntilAsync(() => silos.All(silo => ProcessIdentity.TryFind(silo) is null));
    }

    private void AssertSameResult(string expected, string actual) =>
        RunResult.AssertSame(Folder(expected), Folder(actual));

    private string[] Lines(string run) => RunResult.Lines(Folder(run));

    private CheckpointName? Newest(string run) =>
        CheckpointReader.List(RunFiles.Checkpoints(Folder(run)), DiskFiles.Instance) is [var newest, ..]
            ? newest
            : null;

    private string Folder(string run) => Path.Combine(_sandbox.Trainer.Folder, run);

    private sealed record Started(Process Process, Task<string> Output, Task<string> Error) : IDisposable
    {
        public void Dispose() => Process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
