namespace Trainer.Backends;

/// <summary>
/// The threads of a pool as a team: that of whichever compute thread asks, so all that one thread computes in turn, a
/// worker's gradients and a server's update, goes to the same helpers. Other threads have no helpers.
/// </summary>
internal sealed class PoolTeam(int size) : IComputeTeam
{
    /// <summary>The team that the calling thread leads; null where it is no compute thread.</summary>
    [field: ThreadStatic]
    public static ComputeTeam? OfThisThread { get; set; }

    /// <inheritdoc/>
    public int Size => size;

    /// <inheritdoc/>
    public void For(int count, Action<int> body)
    {
        IComputeTeam team = OfThisThread is { } own ? own : SerialTeam.Instance;
        team.For(count, body);
    }
}
