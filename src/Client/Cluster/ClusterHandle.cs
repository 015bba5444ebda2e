using System.Globalization;
using System.Security.Cryptography;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using Trainer.Clusters;
using Trainer.Commands;

namespace Trainer.Cluster;

/// <summary>
/// A connected cluster, started or found. Disposing ends an own one (all its processes) and disconnects from any other.
/// </summary>
internal sealed class ClusterHandle : IAsyncDisposable
{
    private const int OwnFoldersKept = 20;

    private readonly IHost _host;
    private readonly Func<Task> _end;

    private ClusterHandle(IHost host, ClusterFile cluster, int siloProcesses, Func<Task> end)
    {
        _host = host;
        _end = end;
        Client = host.Services.GetRequiredService<IClusterClient>();
        Name = cluster.Name;
        Threads = cluster.Threads;
        SiloProcesses = siloProcesses;
    }

    /// <summary>The connected client.</summary>
    public IClusterClient Client { get; }

    /// <summary>Name of the cluster; for an own one a generated name.</summary>
    public string Name { get; }

    /// <summary>Silo processes; 0 when the silo runs inside this process.</summary>
    public int SiloProcesses { get; }

    /// <summary>Compute threads of each silo.</summary>
    public int Threads { get; }

    /// <summary>Names of the silos that were dead when this process connected.</summary>
    public IReadOnlyList<string> DeadSilos { get; private init; } = [];

    /// <summary>Starts an own cluster of silo processes that ends with this process, or with a job.</summary>
    /// <param name="silos">Silo processes, at least 1.</param>
    /// <param name="threads">Compute threads a silo; null: cores / silos, at least 1.</param>
    /// <param name="untilJob">
    /// Null: ends with this process. Else the id of the job whose end ends the cluster; disposing then only
    /// disconnects.
    /// </param>
    public static async Task<ClusterHandle> StartOwnAsync(
        int silos, int? threads, string? untilJob, CancellationToken cancellationToken)
    {
        (ClusterFolder folder, ClusterFile cluster) = DeclareOwn(silos, threads, untilJob);
        var processes = new SiloProcesses(folder, cluster);
        IHost? client = null;
        try
        {
            processes.Start(ClusterLifecycle.NewNames(silos, []));
            client = ClientHost.Build(folder);
            await processes.AwaitAgreementAsync(cancellationToken);
            await ClientHost.ConnectAsync(client, folder.Name, cancellationToken);
            return new ClusterHandle(client, cluster, silos, untilJob is null ? EndAsync : () => Task.CompletedTask);
        }
        catch (Exception error)
        {
            client?.Dispose();
            await EndAsync();
            throw error is SiloStartException ? new CommandException(error.Message, ExitCode.Failed) : error;
        }

        async Task EndAsync()
        {
            await processes.StopAllAsync();
            folder.RemoveRunning();
        }
    }

    /// <summary>One silo inside this process.</summary>
    public static async Task<ClusterHandle> StartInProcessAsync(int? threads, CancellationToken cancellationToken)
    {
        (ClusterFolder folder, ClusterFile cluster) = DeclareOwn(1, threads, untilJob: null);
        try
        {
            IHost host = await SiloHosting.StartInProcessAsync(folder, cluster, "silo-0", cancellationToken);
            return new ClusterHandle(host, cluster, 0, () =>
            {
                folder.RemoveRunning();
                return Task.CompletedTask;
            });
        }
        catch
        {
            folder.RemoveRunning();
            throw;
        }
    }

    /// <summary>Connects to a running cluster.</summary>
    /// <exception cref="ClusterUnreachableException">It is not running or does not answer (exit code 4).</exception>
    public static async Task<ClusterHandle> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        ClusterFolder folder = ClusterLifecycle.Folder(name);
        IReadOnlyList<SiloStateFile> silos = folder.ReadSilos();
        int living = silos.Count(silo => silo.State == SiloStates.Active);
        if (folder.ReadCluster() is not { } cluster || living == 0)
        {
            throw ClusterUnreachableException.NotRunning(name);
        }

        IHost client = ClientHost.Build(folder);
        try
        {
            await ClientHost.ConnectAsync(client, name, cancellationToken);
        }
        catch
        {
            client.Dispose();
            throw;
        }

        return new ClusterHandle(client, cluster, living, () => Task.CompletedTask)
        {
            DeadSilos = [.. silos.Where(silo => silo.State == SiloStates.Dead).Select(silo => silo.Name)],
        };
    }

    /// <summary>Whether a cluster of that name has a living silo.</summary>
    public static bool IsRunning(string name)
    {
        ClusterFolder folder = ClusterLifecycle.Folder(name);
        return folder.ReadCluster() is not null && folder.ReadSilos().Any(silo => silo.IsAlive);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _end();
    }

    private static (ClusterFolder Folder, ClusterFile Cluster) DeclareOwn(int silos, int? threads, string? untilJob)
    {
        RemoveOldOwn();
        string random = RandomNumberGenerator.GetHexString(8, lowercase: true);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{ClusterLifecycle.OwnPrefix}{Environment.ProcessId}-{random}");
        ClusterFolder folder = ClusterLifecycle.Folder(name);
        return (folder, ClusterLifecycle.Declare(
            folder, silos, threads ?? ClusterLifecycle.DefaultThreads(silos), ProcessIdentity.Current, untilJob));
    }

    // The logs of the last own clusters stay, for who wants to know what went wrong.
    private static void RemoveOldOwn()
    {
        string any = TrainerHome.Current.Cluster(ClusterLifecycle.OwnPrefix);
        var clusters = new DirectoryInfo(Path.GetDirectoryName(any)!);
        if (!clusters.Exists)
        {
            return;
        }

        IEnumerable<DirectoryInfo> old = clusters.EnumerateDirectories(ClusterLifecycle.OwnPrefix + "*")
            .Where(folder => ClusterFolder.IsName(folder.Name) && !IsInUse(folder.Name))
            .OrderByDescending(folder => folder.LastWriteTimeUtc)
            .Skip(OwnFoldersKept);
        foreach (DirectoryInfo folder in old)
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException)
            {
                // Another client removes it too.
            }
        }
    }

    private static bool IsInUse(string name)
    {
        var folder = new ClusterFolder(TrainerHome.Current, name);
        return folder.ReadCluster()?.Owner?.IsAlive() == true || folder.ReadSilos().Any(silo => silo.IsAlive);
    }
}
