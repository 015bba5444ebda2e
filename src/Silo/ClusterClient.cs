using Microsoft.Extensions.DependencyInjection;

using Orleans.Configuration;
using Orleans.Messaging;

using Trainer.Clusters;
using Trainer.Silos.Membership;
using Trainer.Silos.Security;

namespace Trainer.Silos;

/// <summary>Connects a client to the silos of a cluster folder.</summary>
public static class ClusterClient
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(1);

    /// <summary>Finds gateways in the folder, follows their changes, and proves the cluster's key.</summary>
    /// <param name="client">The client.</param>
    /// <param name="folder">The cluster's files.</param>
    /// <exception cref="IOException">The cluster has no key: it does not run.</exception>
    public static IClientBuilder UseClusterFolder(this IClientBuilder client, ClusterFolder folder)
    {
        byte[] key = folder.ReadKey();
        client.Services.AddSingleton(folder);
        client.Services.AddSingleton<IGatewayListProvider, FileGatewayList>();
        return client
            .Configure<ClusterOptions>(options =>
            {
                options.ClusterId = folder.Name;
                options.ServiceId = "trainer";
            })
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh)
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout)
            .Configure<ClientConnectionOptions>(options => options.Prove(key));
    }
}
