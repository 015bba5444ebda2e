using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Trainer.Clusters;

namespace Trainer.Cluster;

/// <summary>The Orleans client of this process.</summary>
internal static class ClientHost
{
    // Silos of a busy host are slow to answer first; a cluster that is gone is known by its files before this counts.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Prepares a client of a cluster.</summary>
    public static IHost Build(ClusterFolder folder)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);

        // What goes wrong is the caller's to say, in one line.
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleansClient(client =>
        {
            SiloHosting.UseClusterFolder(client, folder);
            client.UseConnectionRetryFilter(async (_, cancellationToken) =>
            {
                await Task.Delay(RetryDelay, cancellationToken);
                return true;
            });
        });
        return builder.Build();
    }

    /// <summary>Connects.</summary>
    /// <exception cref="ClusterUnreachableException">No silo answers in time.</exception>
    public static async Task ConnectAsync(IHost client, string cluster, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(ConnectTimeout);
        try
        {
            await client.StartAsync(stop.Token).WaitAsync(stop.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterUnreachableException(
                $"Cluster '{cluster}' does not answer; 'trainer status --cluster {cluster}' shows its silos, "
                + "'trainer scale' replaces killed ones.");
        }
    }

    // Signals are the command's business.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
