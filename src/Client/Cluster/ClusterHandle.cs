namespace Trainer.Cluster;

/// <summary>A connected cluster, started or found. Disposing ends an own one (all its processes) and disconnects from any other.</summary>
internal sealed class ClusterHandle : IAsyncDisposable
{
    /// <summary>The connected client.</summary>
    public IClusterClient Client => throw new NotImplementedException();

    /// <summary>Name of the cluster; for an own one a generated name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>Silo processes; 0 when the silo runs inside this process.</summary>
    public int SiloProcesses => throw new NotImplementedException();

    /// <summary>Compute threads of each silo.</summary>
    public int Threads => throw new NotImplementedException();

    /// <summary>Starts an own cluster of silo processes that ends with this process, or with a job.</summary>
    /// <param name="silos">Silo processes, at least 1.</param>
    /// <param name="threads">Compute threads a silo; null: cores / silos, at least 1.</param>
    /// <param name="untilJob">Null: ends with this process. Else the id of the job whose end ends the cluster.</param>
    public static Task<ClusterHandle> StartOwnAsync(int silos, int? threads, string? untilJob, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>One silo inside this process.</summary>
    public static Task<ClusterHandle> StartInProcessAsync(int? threads, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Connects to a running cluster.</summary>
    /// <exception cref="ClusterUnreachableException">It is not running or does not answer (exit code 4).</exception>
    public static Task<ClusterHandle> ConnectAsync(string name, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Whether a cluster of that name has a living silo.</summary>
    public static bool IsRunning(string name) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
