using System.Text.Json.Serialization;

namespace Trainer.Clusters;

/// <summary>
/// A silo as it describes itself, <c>clusters/NAME/silos/SILO.json</c>: written by the silo only, whole, by rename.
/// </summary>
/// <param name="Name">Name of the silo.</param>
/// <param name="Process">Its process.</param>
/// <param name="SiloPort">Port on 127.0.0.1 for other silos.</param>
/// <param name="GatewayPort">Port on 127.0.0.1 for clients.</param>
/// <param name="State">One of <see cref="SiloStates"/>, as the silo wrote it; <see cref="Now"/> knows better.</param>
/// <param name="Sees">Ports of the silos that it holds for active, itself included, ascending.</param>
public sealed record SiloStateFile(
    string Name, ProcessIdentity Process, int SiloPort, int GatewayPort, string State, IReadOnlyList<int> Sees)
{
    /// <summary>Whether its process lives.</summary>
    [JsonIgnore]
    public bool IsAlive => Process.IsAlive();

    /// <summary>
    /// The same with <see cref="SiloStates.Dead"/> where its process ended without saying so, or is frozen and given
    /// up.
    /// </summary>
    /// <param name="all">The silos of its cluster.</param>
    public SiloStateFile Now(IReadOnlyList<SiloStateFile> all)
    {
        bool isDead = State != SiloStates.Stopped && (!IsAlive || (Process.IsFrozen() && IsGivenUp(all)));
        return isDead ? this with { State = SiloStates.Dead } : this;
    }

    // It ends itself as soon as it runs again and learns of it.
    private bool IsGivenUp(IReadOnlyList<SiloStateFile> all)
    {
        SiloStateFile[] others =
            [.. all.Where(silo => silo.Name != Name && silo.State == SiloStates.Active && silo.IsAlive)];
        return others.Length > 0 && !others.Any(silo => silo.Sees.Contains(SiloPort));
    }
}

/// <summary>The states of a silo.</summary>
public static class SiloStates
{
    /// <summary>Its process runs; it is not yet a member.</summary>
    public const string Starting = "starting";

    /// <summary>A member that takes grains.</summary>
    public const string Active = "active";

    /// <summary>It hands over its grains.</summary>
    public const string Stopping = "stopping";

    /// <summary>It ended as asked.</summary>
    public const string Stopped = "stopped";

    /// <summary>Its process ended without being asked, or is frozen and the others gave it up.</summary>
    public const string Dead = "dead";
}
