using System.Diagnostics;
using System.Runtime.InteropServices;

using Trainer.Clusters;

using Xunit;

namespace Trainer.Jobs;

/// <summary>Jobs that somebody interrupts, leaves, follows or cancels.</summary>
public sealed partial class LongJobTests : IAsyncDisposable
{
    // More epochs than any test waits for.
    private const string Job = """
        version: 1
        name: long
        data: {source: digits}
        training: {epochs: 1000000, batch_size: 64}
        early_stopping: null
        """;

    private const int Interrupt = 2;
    private const int KillSignal = 9;
    private const int Terminate = 15;
    private const int StopSignal = 19;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ClusterSandbox _sandbox = new();

    private string JobPath => _sandbox.Trainer.Write("job.yaml", Job);

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    public async Task Train_Interrupted_130AndNoSiloLeft(string silos)
    {
        using Process train = _sandbox.Trainer.Start("train", JobPath, "--silos", silos);
        await AwaitEpochAsync(train);

        CommandResult result = await InterruptAsync(train);

        Assert.True(result.ExitCode == ExitCode.Cancelled, result.Everything);
        Assert.Matches(@"trainer: cancelled; 'trainer resume long-0001' goes on after step [\d,]+\.", result.Error);
        Assert.Contains("cancelled: ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Silos(), silo => silo.IsAlive);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Train_InterruptedTwiceWhileItsSilosHang_130AtOnce(int second)
    {
        using Process train = _sandbox.Trainer.Start("train", JobPath, "--silos", "1");
        await AwaitEpochAsync(train);
        foreach (SiloStateFile silo in Silos())
        {
            Assert.Equal(0, Kill(silo.Process.Pid, StopSignal));
        }

        Assert.Equal(0, Kill(train.Id, Interrupt));
        while (await train.StandardError.ReadLineAsync(Stop) is { } line
            && !line.Contains("press Ctrl-C again", StringComparison.Ordinal))
        {
        }

        CommandResult result = await InterruptAsync(train, second);
        foreach (SiloStateFile silo in Silos().Where(silo => silo.IsAlive))
        {
            Assert.Equal(0, Kill(silo.Process.Pid, KillSignal));
        }

        Assert.True(result.ExitCode == ExitCode.Cancelled, result.Everything);
        Assert.DoesNotContain("has not ended within", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_InterruptedOnARunningCluster_JobIsCancelledAndClusterLives()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");
        using Process train = _sandbox.Trainer.Start("train", JobPath);
        await AwaitEpochAsync(train);

        CommandResult result = await InterruptAsync(train);

        Assert.True(result.ExitCode == ExitCode.Cancelled, result.Everything);
        CommandResult status = await _sandbox.SucceedAsync("status", "--json");
        Assert.Contains("\"jobs\":[]", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detach_ThenAttachAndCancel_OwnClusterEndsWithTheJob()
    {
        CommandResult detached = await _sandbox.SucceedAsync("train", JobPath, "--silos", "1", "--detach");
        Assert.Equal("long-0001\n", detached.Output);
        using (Process attach = _sandbox.Trainer.Start("attach", "long-0001"))
        {
            await AwaitEpochAsync(attach);
            CommandResult left = await InterruptAsync(attach);
            Assert.True(left.ExitCode == ExitCode.Done, left.Everything);
            Assert.Contains("the job goes on", left.Error, StringComparison.Ordinal);
        }

        Assert.Matches(@"long-0001\s+running", (await _sandbox.SucceedAsync("runs")).Output);
        CommandResult cancelled = await _sandbox.SucceedAsync("cancel", "long-0001");
        CommandResult again = await _sandbox.SucceedAsync("cancel", "runs/long-0001");

        Assert.Contains("has ended: cancelled", cancelled.Error, StringComparison.Ordinal);
        Assert.Contains("has already ended: cancelled", again.Error, StringComparison.Ordinal);
        CommandResult ended = await _sandbox.RunAsync("attach", "long-0001");
        Assert.True(ended.ExitCode == ExitCode.Cancelled, ended.Everything);
        await ClusterSandbox.UntilAsync(
            () => !Silos().Any(silo => silo.IsAlive), Deadline, () => "silos outlive their job");
    }

    [Fact]
    public async Task Attach_JobEndsMeanwhile_ExitCodeOfTheRun()
    {
        await _sandbox.SucceedAsync(
            "train", JobPath, "--silos", "1", "--detach", "--json", "--set", "training.epochs=30");

        CommandResult attached = await _sandbox.SucceedAsync("attach", "long-0001", "--json");

        string[] lines = attached.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(30, lines.Count(line => line.StartsWith("{\"event\":\"epoch\"", StringComparison.Ordinal)));
        Assert.StartsWith("{\"event\":\"finished\"", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_ClusterKilled_4AndLost()
    {
        await _sandbox.SucceedAsync("train", JobPath, "--silos", "1", "--detach");
        foreach (SiloStateFile silo in Silos())
        {
            using Process process = Process.GetProcessById(silo.Process.Pid);
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }

        CommandResult attached = await _sandbox.RunAsync("attach", "long-0001");

        Assert.True(attached.ExitCode == ExitCode.Unreachable, attached.Everything);
        Assert.Matches("^trainer: run 'long-0001' was lost[^\n]*\n$", attached.Error);
        Assert.Matches(@"long-0001\s+lost", (await _sandbox.SucceedAsync("runs")).Output);
    }

    [Fact]
    public async Task Attach_LeadingSiloKilled_JobGoesOnOnTheOther()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        await _sandbox.SucceedAsync("train", JobPath, "--detach");
        ClusterFolder cluster = _sandbox.Folder("default");
        await ClusterSandbox.UntilAsync(
            () => cluster.ReadJob("long-0001") is { State: "running" }, Deadline, () => "the job does not run");
        int leading = cluster.ReadJob("long-0001")!.Leader!.Pid;
        SiloStateFile other = cluster.ReadSilos().Single(silo => silo.Process.Pid != leading);
        using (Process leader = Process.GetProcessById(leading))
        {
            leader.Kill();
            await leader.WaitForExitAsync(Stop);
        }

        using (Process attach = _sandbox.Trainer.Start("attach", "long-0001"))
        {
            await AwaitEpochAsync(attach);
            CommandResult left = await InterruptAsync(attach);
            Assert.True(left.ExitCode == ExitCode.Done, left.Everything);
        }

        await ClusterSandbox.UntilAsync(
            () => cluster.ReadJob("long-0001") is { State: "running", Incarnation: 2 },
            Deadline,
            () => $"nobody leads the job: {cluster.ReadJob("long-0001")}");
        Assert.Matches(@"long-0001\s+running", (await _sandbox.SucceedAsync("runs")).Output);
        CommandResult status = await _sandbox.SucceedAsync("status", "--json");
        Assert.Contains("\"incarnation\":2", status.Output, StringComparison.Ordinal);
        await _sandbox.SucceedAsync("cancel", "long-0001");
        await ClusterSandbox.UntilAsync(
            () => Log(cluster, other).Contains("gives its rows back", StringComparison.Ordinal)
                && Log(cluster, other).Contains("gives its weights back", StringComparison.Ordinal),
            Deadline,
            () => $"the other silo keeps the job's grains: {Log(cluster, other)}");
        CommandResult onOne = await _sandbox.SucceedAsync("train", JobPath, "--set", "training.epochs=1");
        Assert.Matches("^warning: cluster 'default' has lost silo-[01];[^\n]*\n$", onOne.Error);
        await _sandbox.SucceedAsync("scale", "2");
        await _sandbox.SucceedAsync("train", JobPath, "--set", "training.epochs=2");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task AwaitEpochAsync(Process train)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(Deadline);
        while (true)
        {
            string? line = await train.StandardOutput.ReadLineAsync(deadline.Token);
            if (line is null)
            {
                Assert.Fail($"ended early: {await train.StandardError.ReadToEndAsync(Stop)}");
            }

            if (line.StartsWith("epoch ", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private static async Task<CommandResult> InterruptAsync(Process process, int signal = Interrupt)
    {
        Assert.Equal(0, Kill(process.Id, signal));
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> error = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop).WaitAsync(Deadline, Stop);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    private static string Log(ClusterFolder cluster, SiloStateFile silo) => File.ReadAllText(cluster.Log(silo.Name));

    private IReadOnlyList<SiloStateFile> Silos()
    {
        string clusters = Path.Combine(_sandbox.Home.Root, "clusters");
        return
        [
            .. Directory.GetDirectories(clusters)
                .SelectMany(folder => _sandbox.Folder(Path.GetFileName(folder)).ReadSilos()),
        ];
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
