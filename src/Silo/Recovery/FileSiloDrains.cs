using Trainer.Clusters;
using Trainer.Placement;

namespace Trainer.Silos.Recovery;

/// <summary>Silos say in their state files that they are about to stop, before they leave the membership.</summary>
internal sealed class FileSiloDrains(ClusterFolder folder, TimeProvider time) : ISiloDrains
{
    // Asked some ten times a second.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private HashSet<string> _leaving = [];
    private long? _readAt;

    /// <inheritdoc/>
    public IReadOnlySet<string> Leaving()
    {
        lock (_gate)
        {
            if (_readAt is not { } at || time.GetElapsedTime(at) >= Kept)
            {
                _leaving =
                [
                    .. folder.ReadSilos().Where(silo => silo.State == SiloStates.Stopping).Select(silo => silo.Name),
                ];
                _readAt = time.GetTimestamp();
            }

            return _leaving;
        }
    }
}
