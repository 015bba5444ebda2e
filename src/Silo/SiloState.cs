using Trainer.Clusters;

namespace Trainer.Silos;

/// <summary>Keeps a silo's state file.</summary>
internal sealed class SiloState(ClusterFolder folder, ClusterFile cluster, string name)
{
    private readonly Lock _gate = new();
    private SiloStateFile _current = new(name, ProcessIdentity.Current, 0, 0, SiloStates.Starting, []);

    /// <summary>Whether the cluster that the silo was started for is still declared.</summary>
    public bool IsClusterDeclared => folder.ReadCluster()?.Id == cluster.Id;

    /// <summary>The silo starts with these ports.</summary>
    public void Starting(SiloSettings settings) =>
        Write(current => current with { SiloPort = settings.SiloPort, GatewayPort = settings.GatewayPort });

    /// <summary>The silo is in another state.</summary>
    public void Enter(string state) => Write(current => current with { State = state });

    /// <summary>Keeps the file up to date with whom the silo sees, until cancelled.</summary>
    public async Task FollowAsync(IClusterMembershipService membership, CancellationToken cancellationToken)
    {
        try
        {
            IAsyncEnumerable<ClusterMembershipSnapshot> updates = membership.MembershipUpdates;
            await foreach (ClusterMembershipSnapshot now in updates.WithCancellation(cancellationToken))
            {
                int[] active =
                [
                    .. now.Members.Values
                        .Where(member => member.Status == SiloStatus.Active)
                        .Select(member => member.SiloAddress.Endpoint.Port)
                        .Order(),
                ];
                Write(current => current.Sees.SequenceEqual(active) ? current : current with { Sees = active });
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Write(Func<SiloStateFile, SiloStateFile> change)
    {
        lock (_gate)
        {
            _current = change(_current);
            try
            {
                // Not into the files of a later cluster of the same name.
                if (IsClusterDeclared)
                {
                    folder.Write(_current);
                }
            }
            catch (DirectoryNotFoundException)
            {
                // The cluster was taken down meanwhile; the watch ends this silo.
            }
        }
    }
}
