using System.Net;
using System.Net.Sockets;

using Trainer.Clusters;

namespace Trainer.Silos;

/// <summary>What one silo is: its place in a cluster and its ports.</summary>
/// <param name="Folder">The cluster's files.</param>
/// <param name="Cluster">The cluster as declared.</param>
/// <param name="Name">Name of the silo.</param>
/// <param name="SiloPort">Port on 127.0.0.1 for other silos.</param>
/// <param name="GatewayPort">Port on 127.0.0.1 for clients; 0: none.</param>
internal sealed record SiloSettings(
    ClusterFolder Folder, ClusterFile Cluster, string Name, int SiloPort, int GatewayPort)
{
    /// <summary>
    /// The same with ports that are free now; who binds them later may find them taken and asks again.
    /// </summary>
    /// <param name="gateway">Whether clients connect.</param>
    public SiloSettings WithFreePorts(bool gateway)
    {
        // Both at once, so that they differ.
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var client = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        client.Start();
        return this with
        {
            SiloPort = ((IPEndPoint)silo.LocalEndpoint).Port,
            GatewayPort = gateway ? ((IPEndPoint)client.LocalEndpoint).Port : 0,
        };
    }
}
