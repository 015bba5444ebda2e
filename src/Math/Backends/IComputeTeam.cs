namespace Trainer.Backends;

/// <summary>
/// The compute threads that one worker may use. They split output tiles, never rows, so they cannot change a bit.
/// </summary>
public interface IComputeTeam
{
    /// <summary>Threads in the team, the calling one included; at least 1.</summary>
    int Size { get; }

    /// <summary>
    /// Runs <paramref name="body"/> once for every index in [0, <paramref name="count"/>) and returns when all are
    /// done.
    /// </summary>
    /// <param name="count">How many independent tiles there are; at least 0.</param>
    /// <param name="body">Computes one tile. Tiles write to disjoint memory; their order is not defined.</param>
    void For(int count, Action<int> body);
}
