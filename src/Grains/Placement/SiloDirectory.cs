using System.Collections.Immutable;

namespace Trainer.Placement;

/// <summary>The silos that a job can be spread over.</summary>
internal sealed class SiloDirectory(IClusterMembershipService membership, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Names of the active silos in ordinal order.</summary>
    /// <param name="expected">
    /// How many the client saw; waits up to five seconds until this silo sees as many, then takes what there is.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ImmutableArray<string>> ActiveAsync(int expected, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        ImmutableArray<string> active = Active();
        while (active.Length < Math.Max(1, expected) && time.GetElapsedTime(start) < LongestWait)
        {
            await Task.Delay(Pause, time, cancellationToken);
            active = Active();
        }

        return active;
    }

    private ImmutableArray<string> Active() =>
    [
        .. membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active)
            .Select(member => member.Name)
            .Order(StringComparer.Ordinal),
    ];
}
