using System.Diagnostics;
using System.Text.Json;

using Trainer.Cluster;

using Xunit;

namespace Trainer.Clusters;

/// <summary>A home of its own for clusters of real processes; nothing of it lives on after the test.</summary>
internal sealed class ClusterSandbox : IAsyncDisposable
{
    private readonly TrainerCommand _trainer = new();
    private readonly List<Process> _processes = [];

    public TrainerHome Home => new(_trainer.Home);

    public TrainerCommand Trainer => _trainer;

    public ClusterFolder Folder(string name = "default") => new(Home, name);

    public Task<CommandResult> RunAsync(params string[] arguments) =>
        _trainer.RunAsync(TestContext.Current.CancellationToken, arguments);

    public async Task<CommandResult> SucceedAsync(params string[] arguments)
    {
        CommandResult result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
        return result;
    }

    /// <summary>What <c>status --json</c> says: name, pid and state of each silo.</summary>
    public async Task<IReadOnlyList<(string Name, int Pid, string State)>> StatusAsync(string cluster = "default")
    {
        CommandResult result = await SucceedAsync("status", "--json", "--cluster", cluster);
        return
        [
            .. JsonDocument.Parse(result.Output).RootElement.GetProperty("silos").EnumerateArray().Select(silo => (
                silo.GetProperty("name").GetString()!,
                silo.GetProperty("pid").GetInt32(),
                silo.GetProperty("state").GetString()!)),
        ];
    }

    /// <summary>A process that does nothing until it is killed.</summary>
    public ProcessIdentity StartIdle()
    {
        Process process = Process.Start("sleep", "1000");
        _processes.Add(process);
        return ProcessIdentity.TryFind(process.Id)!;
    }

    /// <summary>Starts silos of a cluster with an owner, as a client does.</summary>
    public async Task<IReadOnlyList<SiloStateFile>> StartOwnAsync(string name, ProcessIdentity owner, string? untilJob)
    {
        ClusterFile cluster = ClusterLifecycle.Declare(Folder(name), 2, 1, owner, untilJob);
        var processes = new SiloProcesses(Folder(name), cluster);
        processes.Start(ClusterLifecycle.NewNames(2, []));
        await processes.AwaitAgreementAsync(TestContext.Current.CancellationToken);
        return Folder(name).ReadSilos();
    }

    /// <summary>Waits for a condition; the failure says what was seen last.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan timeout, Func<string> describe)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < timeout,
                $"Not within {timeout.TotalSeconds} s: {describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        string clusters = Path.GetDirectoryName(Home.Cluster("any"))!;
        SiloStateFile[] silos = Directory.Exists(clusters)
            ? [.. Directory.GetDirectories(clusters).SelectMany(folder => Folder(Path.GetFileName(folder)).ReadSilos())]
            : [];
        foreach (SiloStateFile silo in silos)
        {
            DetachedProcess.End(silo.Process);
        }

        foreach (Process process in _processes)
        {
            process.Kill();
            process.Dispose();
        }

        await UntilAsync(() => !silos.Any(silo => silo.IsAlive), TimeSpan.FromSeconds(10), () => "silos end");
        _trainer.Dispose();
    }
}
