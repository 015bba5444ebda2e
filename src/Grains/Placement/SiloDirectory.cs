using System.Collections.Immutable;

using Trainer.Recovery;

namespace Trainer.Placement;

/// <summary>The silos that a job can be spread over.</summary>
internal sealed class SiloDirectory(
    IClusterMembershipService membership, ILocalSiloDetails self, ISiloDrains drains, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether this silo is about to stop.</summary>
    public bool IsLeaving => drains.Leaving().Contains(self.Name);

    /// <summary>The silos that take grains, by name in ordinal order.</summary>
    /// <param name="expected">
    /// How many the client saw; waits up to five seconds until this silo sees as many, then takes what there is.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ImmutableArray<SeenSilo>> ActiveAsync(int expected, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        ImmutableArray<SeenSilo> active = Active();
        while (active.Length < Math.Max(1, expected) && time.GetElapsedTime(start) < LongestWait)
        {
            await Task.Delay(Pause, time, cancellationToken);
            active = Active();
        }

        return active;
    }

    /// <summary>The silos that live, by name in ordinal order.</summary>
    public ImmutableArray<SeenSilo> Living()
    {
        IReadOnlySet<string> leaving = drains.Leaving();
        return
        [
            .. membership.CurrentSnapshot.Members.Values
                .Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
                .OrderBy(member => member.Name, StringComparer.Ordinal)
                .Select(member => new SeenSilo(
                    member.Name,
                    member.SiloAddress.ToParsableString(),
                    member.Status != SiloStatus.Active || leaving.Contains(member.Name))),
        ];
    }

    /// <summary>
    /// Whether the others still hold this silo for a living one; a silo that was frozen for a while asks before it
    /// takes anything into its hands.
    /// </summary>
    public async Task<bool> IsMemberAsync()
    {
        await membership.Refresh();
        return membership.CurrentSnapshot.GetSiloStatus(self.SiloAddress) != SiloStatus.Dead;
    }

    private ImmutableArray<SeenSilo> Active() => [.. Living().Where(silo => !silo.IsLeaving)];
}
