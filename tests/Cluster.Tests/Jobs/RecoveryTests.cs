using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

using Trainer.Checkpoints;
using Trainer.Clusters;

using Xunit;

namespace Trainer.Jobs;

/// <summary>Jobs whose silos and clients end, freeze, come and go, and that end as if nothing had happened.</summary>
public sealed partial class RecoveryTests : IAsyncDisposable
{
    // Dropout, a schedule, clipping and early stopping: all of it goes on in the middle of an epoch.
    private const string Job = """
        version: 1
        name: long
        data: {source: digits}
        model: {hidden: [192, 96], dropout: 0.1}
        optimizer: {name: adam, learning_rate: 0.001, clip_norm: 1}
        schedule: {name: cosine, warmup_steps: 20}
        training: {epochs: 200, batch_size: 64}
        early_stopping: {metric: validation.loss, patience: 1000}
        checkpoint: {every_seconds: 0.5}
        """;

    private const string Id = "long-0002";
    private const string Run = "run";
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ClusterSandbox _sandbox = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string JobPath => _sandbox.Trainer.Write("job.yaml", Job);

    private ClusterFolder Cluster => _sandbox.Folder();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("leader")]
    [InlineData("other")]
    [InlineData("silo-0")]
    public async Task Train_SiloKilled_SameBitsAndEveryEpochToldOnce(string which)
    {
        await TrainUndisturbedAsync(epochs: 200);
        await _sandbox.SucceedAsync("up", "--silos", "3", "--threads", "1");
        using Process train = _sandbox.Trainer.Start("train", JobPath, "--out", Run, "--json");
        Task<CommandResult> end = EndAsync(train);
        await UntilItRunsAsync(epochs: 20);

        await KillAsync(Silo(which));

        CommandResult result = await end;
        Assert.True(result.ExitCode == 0, result.Everything);
        AssertSameResult();
        Assert.Equal(Enumerable.Range(1, 200), Epochs(result.Output));
        Assert.Equal(2, Cluster.ReadJob(Id)!.Incarnation);
    }

    [Theory]
    [InlineData("leader")]
    [InlineData("other")]
    public async Task Train_SiloFrozenForAWhile_SameBitsAndItEndsWhenItRunsAgain(string which)
    {
        await TrainUndisturbedAsync(epochs: 600);
        await _sandbox.SucceedAsync("up", "--silos", "3", "--threads", "1");
        using Process train =
            _sandbox.Trainer.Start("train", JobPath, "--out", Run, "--json", "--set", "training.epochs=600");
        Task<CommandResult> end = EndAsync(train);
        await UntilItRunsAsync(epochs: 20);
        SiloStateFile frozen = Silo(which);
        Assert.Equal(0, Kill(frozen.Process.Pid, StopSignal));
        await UntilAsync(() => Cluster.ReadJob(Id) is { Incarnation: 2 } && Lines(Run).Length >= 100);

        Assert.Equal(0, Kill(frozen.Process.Pid, ContinueSignal));

        CommandResult result = await end;
        Assert.True(result.ExitCode == 0, result.Everything);
        AssertSameResult();
        Assert.Equal(Enumerable.Range(1, 600), Epochs(result.Output));
        Assert.Equal(2, Cluster.ReadJob(Id)!.Incarnation);
        await UntilAsync(() => !frozen.IsAlive);
    }

    [Fact]
    public async Task Train_ClusterScaledUpAndDown_SameBitsAndNoStepIsDoneAgain()
    {
        await TrainUndisturbedAsync(epochs: 1200);
        await _sandbox.SucceedAsync("up", "--silos", "2", "--threads", "1");
        await _sandbox.SucceedAsync("train", JobPath, "--out", Run, "--detach", "--set", "training.epochs=1200");
        await UntilItRunsAsync(epochs: 20);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task<long> watching = MostStepsBackAsync(over.Token);

        await _sandbox.SucceedAsync("scale", "4");
        await UntilAsync(() => Used() == 4);
        await _sandbox.SucceedAsync("scale", "1");
        await UntilAsync(() => Used() == 1);
        await _sandbox.SucceedAsync("attach", Id);

        await over.CancelAsync();
        Assert.Equal(0, await watching);
        AssertSameResult();
    }

    [Fact]
    public async Task Train_ClientAndThenItsLeadingSiloKilled_GoesOnByItself()
    {
        await TrainUndisturbedAsync(epochs: 200);
        await _sandbox.SucceedAsync("up", "--silos", "3", "--threads", "1");
        using (Process train = _sandbox.Trainer.Start("train", JobPath, "--out", Run))
        {
            await UntilItRunsAsync(epochs: 20);
            train.Kill();
            await train.WaitForExitAsync(Stop);
        }

        await KillAsync(Silo("leader"));

        CommandResult attached = await _sandbox.SucceedAsync("attach", Id, "--json");
        AssertSameResult();
        Assert.Equal(Enumerable.Range(1, 200), Epochs(attached.Output));
    }

    [Fact]
    public async Task Train_SilosKilledAndReplacedOneAfterTheOther_SameBits()
    {
        await TrainUndisturbedAsync(epochs: 600);
        await _sandbox.SucceedAsync("up", "--silos", "3", "--threads", "1");
        await _sandbox.SucceedAsync("train", JobPath, "--out", Run, "--detach", "--set", "training.epochs=600");
        foreach ((int round, string which) in new[] { "leader", "other", "leader" }.Index())
        {
            await UntilItRunsAsync(epochs: 20 + (100 * round));
            await KillAsync(Silo(which));
            await _sandbox.SucceedAsync("scale", "3");
        }

        await _sandbox.SucceedAsync("attach", Id);

        AssertSameResult();
    }

    private static async Task<CommandResult> EndAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> error = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    private static async Task KillAsync(SiloStateFile silo)
    {
        using Process process = Process.GetProcessById(silo.Process.Pid);
        process.Kill();
        await process.WaitForExitAsync(Stop);
    }

    private static IEnumerable<int> Epochs(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => line.GetProperty("event").GetString() == "epoch")
        .Select(line => line.GetProperty("epoch").GetInt32());

    // One silo in the command itself: no other process that could end.
    private Task TrainUndisturbedAsync(int epochs) => _sandbox.SucceedAsync(
        "train", JobPath, "--silos", "0", "--out", "whole", "--set", $"training.epochs={epochs}");

    private SiloStateFile Silo(string which)
    {
        ProcessIdentity leader = Cluster.ReadJob(Id)!.Leader!;
        return Cluster.ReadSilos().First(silo => silo.State == SiloStates.Active && which switch
        {
            "leader" => silo.Process == leader,
            "other" => silo.Process != leader,
            _ => silo.Name == which,
        });
    }

    private int Used() => Cluster.ReadJob(Id)!.Grains.Select(grain => grain.Silo).Distinct().Count();

    private Task UntilItRunsAsync(int epochs) => UntilAsync(() =>
        Cluster.ReadJob(Id) is { State: "running" } && Lines(Run).Length >= epochs
        && CheckpointReader.List(RunFiles.Checkpoints(Folder(Run)), DiskFiles.Instance).Count > 0);

    private Task UntilAsync(Func<bool> condition) => ClusterSandbox.UntilAsync(
        condition, Deadline, () => $"job {Cluster.ReadJob(Id)}, {Lines(Run).Length} epochs");

    private async Task<long> MostStepsBackAsync(CancellationToken cancellationToken)
    {
        long last = 0;
        long most = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            long step = Cluster.ReadJob(Id)?.Step ?? last;
            (most, last) = (Math.Max(most, last - step), step);
            await Task.Delay(TimeSpan.FromMilliseconds(10), Stop);
        }

        return most;
    }

    private void AssertSameResult() =>
        RunResult.AssertSame(Folder("whole"), Folder(Run));

    private string[] Lines(string run) => RunResult.Lines(Folder(run));

    private string Folder(string run) => Path.Combine(_sandbox.Trainer.Folder, run);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
