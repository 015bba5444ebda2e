using System.Net;
using System.Net.Sockets;

using Microsoft.Extensions.Hosting;

using Trainer.Cluster;

using Xunit;

namespace Trainer.Clusters;

/// <summary>What a client gets from clusters: connections, and ends.</summary>
public sealed class ClusterHandleTests : IAsyncDisposable
{
    private const string Variable = "TRAINER_HOME";

    private readonly ClusterSandbox _sandbox = new();
    private readonly string? _home = Environment.GetEnvironmentVariable(Variable);

    public ClusterHandleTests() => Environment.SetEnvironmentVariable(Variable, _sandbox.Home.Root);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        Environment.SetEnvironmentVariable(Variable, _home);
    }

    [Fact]
    public async Task StartOwnAsync_TwoSilos_IsConnectedAndEndsWhenDisposed()
    {
        IReadOnlyList<SiloStateFile> silos;
        await using (ClusterHandle cluster = await ClusterHandle.StartOwnAsync(2, threads: 1, untilJob: null, Stop))
        {
            silos = _sandbox.Folder(cluster.Name).ReadSilos();

            Assert.Equal(2, await CountSilosAsync(cluster));
            Assert.Equal(2, cluster.SiloProcesses);
            Assert.Equal(1, cluster.Threads);
        }

        Assert.Equal(2, silos.Count);
        Assert.DoesNotContain(silos, silo => silo.IsAlive);
    }

    [Fact]
    public async Task StartOwnAsync_UntilJob_OutlivesItsClient()
    {
        ClusterHandle cluster = await ClusterHandle.StartOwnAsync(1, threads: 1, "digits-0001", Stop);

        await cluster.DisposeAsync();

        Assert.True(Assert.Single(_sandbox.Folder(cluster.Name).ReadSilos()).IsAlive);
    }

    [Fact]
    public async Task DisposeAsync_SilosKilled_EndsInTime()
    {
        ClusterHandle cluster = await ClusterHandle.StartOwnAsync(2, threads: 1, untilJob: null, Stop);
        foreach (SiloStateFile silo in _sandbox.Folder(cluster.Name).ReadSilos())
        {
            DetachedProcess.End(silo.Process);
        }

        await cluster.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop);

        Assert.False(ClusterHandle.IsRunning(cluster.Name));
    }

    [Fact]
    public async Task StartInProcessAsync_Always_NeedsNoProcess()
    {
        await using ClusterHandle cluster = await ClusterHandle.StartInProcessAsync(threads: 1, Stop);

        Assert.Equal(1, await CountSilosAsync(cluster));
        Assert.Equal(0, cluster.SiloProcesses);
        Assert.Empty(_sandbox.Folder(cluster.Name).ReadSilos());
    }

    [Fact]
    public async Task ConnectAsync_GatewayKilled_ClientGoesOnThroughAnother()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        await using ClusterHandle cluster = await ClusterHandle.ConnectAsync("default", Stop);
        Assert.Equal(2, await CountSilosAsync(cluster));

        DetachedProcess.End(_sandbox.Folder().ReadSilos()[0].Process);

        int seen = 0;
        await ClusterSandbox.UntilAsync(
            () => (seen = CountSilosOrZero(cluster)) == 1,
            TimeSpan.FromSeconds(20),
            () => $"the client sees {seen} silos");
        Assert.True(ClusterHandle.IsRunning("default"));
    }

    [Fact]
    public async Task ConnectAsync_NotRunning_SaysHowToStartIt()
    {
        ClusterUnreachableException error = await Assert.ThrowsAsync<ClusterUnreachableException>(
            () => ClusterHandle.ConnectAsync("default", Stop));

        Assert.Equal("Cluster 'default' is not running; start it with 'trainer up'.", error.Message);
        Assert.False(ClusterHandle.IsRunning("default"));
    }

    [Fact]
    public async Task Client_WithAWrongKey_IsRefused()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");
        ClusterFolder folder = _sandbox.Folder();
        WholeFile.Write(Path.Combine(folder.Path, "key"), new byte[32]);
        using IHost client = ClientHost.Build(folder);

        await Assert.ThrowsAsync<ClusterUnreachableException>(() => ClientHost.ConnectAsync(client, "default", Stop));

        Assert.Contains("Refused a connection", File.ReadAllText(folder.Log("silo-0")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_PeerThatProvesNothing_GetsNoByte()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");
        using var peer = new TcpClient();
        await peer.ConnectAsync(IPAddress.Loopback, _sandbox.Folder().ReadSilos()[0].GatewayPort, Stop);

        await peer.GetStream().WriteAsync(new byte[100], Stop);

        Assert.Equal(0, await ReadAsync(peer));
    }

    // Zero also where the other side resets the connection.
    private static async Task<int> ReadAsync(TcpClient peer)
    {
        try
        {
            return await peer.GetStream().ReadAsync(new byte[100], Stop);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<int> CountSilosAsync(ClusterHandle cluster) =>
        (await cluster.Client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count;

    private static int CountSilosOrZero(ClusterHandle cluster)
    {
        try
        {
            return CountSilosAsync(cluster).WaitAsync(TimeSpan.FromSeconds(2)).GetAwaiter().GetResult();
        }
        catch (Exception failed) when (failed is OrleansException or TimeoutException)
        {
            return 0;
        }
    }
}
