using System.Net;

using Microsoft.Extensions.Options;

using Orleans.Configuration;
using Orleans.Messaging;

using Trainer.Clusters;

namespace Trainer.Silos.Membership;

/// <summary>The gateways of the active silos of a folder, without those whose process is known to have ended.</summary>
internal sealed class FileGatewayList(ClusterFolder folder, IOptions<GatewayOptions> options) : IGatewayListProvider
{
    private readonly MembershipFolder _membership = new(folder.Membership);

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => options.Value.GatewayListRefreshPeriod;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways()
    {
        HashSet<int> dead = [.. folder.ReadSilos().Where(silo => !silo.IsAlive).Select(silo => silo.GatewayPort)];
        IList<Uri> gateways =
        [
            .. _membership.ReadLatest().Rows
                .Where(row => row.Status == nameof(SiloStatus.Active))
                .Where(row => row.GatewayPort > 0 && !dead.Contains(row.GatewayPort))
                .Select(ToUri),
        ];
        return Task.FromResult(gateways);
    }

    private static Uri ToUri(MembershipRow row)
    {
        var silo = SiloAddress.FromParsableString(row.Address);
        return SiloAddress.New(new IPEndPoint(silo.Endpoint.Address, row.GatewayPort), silo.Generation).ToGatewayUri();
    }
}
