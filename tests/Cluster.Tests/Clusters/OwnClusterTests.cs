using Trainer.Cluster;

using Xunit;

namespace Trainer.Clusters;

/// <summary>Clusters that end with their client or their job.</summary>
public sealed class OwnClusterTests : IAsyncDisposable
{
    private readonly ClusterSandbox _sandbox = new();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Owner_Killed_SilosEndAndClearUp()
    {
        ProcessIdentity owner = _sandbox.StartIdle();
        IReadOnlyList<SiloStateFile> silos = await _sandbox.StartOwnAsync("own", owner, untilJob: null);

        DetachedProcess.End(owner);

        await AssertEndAsync(silos, TimeSpan.FromSeconds(15));
        await AssertClearedAsync();
    }

    [Fact]
    public async Task Job_OwnerKilledAndJobEnded_SilosEndAfterTheJob()
    {
        ProcessIdentity owner = _sandbox.StartIdle();
        IReadOnlyList<SiloStateFile> silos = await _sandbox.StartOwnAsync("own", owner, "digits-0001");
        var job = new JobStateFile("digits-0001", "digits", "running", 0, 0, 0, 1, "messages", [], [], "/x");
        job.Write(_sandbox.Folder("own").Jobs);
        DetachedProcess.End(owner);
        Assert.All(silos, silo => Assert.True(silo.IsAlive));

        (job with { State = "completed" }).Write(_sandbox.Folder("own").Jobs);

        await AssertEndAsync(silos, TimeSpan.FromSeconds(15));
        Assert.All(
            silos,
            silo => Assert.Contains(
                "job 'digits-0001' ended",
                File.ReadAllText(_sandbox.Folder("own").Log(silo.Name)),
                StringComparison.Ordinal));
        await AssertClearedAsync();
    }

    [Fact]
    public async Task ClusterFile_Removed_SilosEnd()
    {
        IReadOnlyList<SiloStateFile> silos = await _sandbox.StartOwnAsync("own", _sandbox.StartIdle(), untilJob: null);

        _sandbox.Folder("own").RemoveRunning();

        await AssertEndAsync(silos, TimeSpan.FromSeconds(15));
    }

    private static Task AssertEndAsync(
        IReadOnlyList<SiloStateFile> silos, TimeSpan timeout) => ClusterSandbox.UntilAsync(
        () => !silos.Any(silo => silo.IsAlive),
        timeout,
        () => string.Join(", ", silos.Where(silo => silo.IsAlive).Select(silo => silo.Name)) + " still live");

    private Task AssertClearedAsync() => ClusterSandbox.UntilAsync(
        () => _sandbox.Folder("own").ReadCluster() is null && _sandbox.Folder("own").ReadSilos().Count == 0,
        TimeSpan.FromSeconds(2),
        () => "files of the cluster are left");
}
