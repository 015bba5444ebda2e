using System.Text.Json.Serialization;

namespace Trainer.Clusters;

/// <summary>A silo as it describes itself, <c>clusters/NAME/silos/SILO.json</c>: written by the silo only, whole, by rename.</summary>
/// <param name="Name">Name of the silo.</param>
/// <param name="Process">Its process.</param>
/// <param name="SiloPort">Port on 127.0.0.1 for other silos.</param>
/// <param name="GatewayPort">Port on 127.0.0.1 for clients.</param>
/// <param name="State">One of <see cref="SiloStates"/>, as the silo wrote it; <see cref="CurrentState"/> also asks the kernel.</param>
/// <param name="Sees">Ports of the silos that it holds for active, itself included, ascending.</param>
public sealed record SiloStateFile(
    string Name, ProcessIdentity Process, int SiloPort, int GatewayPort, string State, IReadOnlyList<int> Sees)
{
    /// <summary>Whether its process lives.</summary>
    [JsonIgnore]
    public bool IsAlive => Process.IsAlive();

    /// <summary>What it wrote, or <see cref="SiloStates.Dead"/> where its process ended without saying so.</summary>
    [JsonIgnore]
    public string CurrentState => State == SiloStates.Stopped || IsAlive ? State : SiloStates.Dead;
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

    /// <summary>Its process ended without being asked.</summary>
    public const string Dead = "dead";
}
