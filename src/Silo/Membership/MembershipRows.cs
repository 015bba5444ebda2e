using System.Text.Json.Serialization;

namespace Trainer.Silos.Membership;

/// <summary>One version of the membership table, as a file.</summary>
/// <param name="Version">Its number, which is also its etag.</param>
/// <param name="Rows">The silos.</param>
internal sealed record MembershipRows(int Version, IReadOnlyList<MembershipRow> Rows)
{
    public static MembershipRows Empty { get; } = new(0, []);
}

/// <summary>One silo of the table.</summary>
/// <param name="Etag">The version that last changed the row.</param>
internal sealed record MembershipRow(
    string Address, string Status, int GatewayPort, string HostName, string SiloName, DateTime StartTime,
    DateTime AliveTime, IReadOnlyList<Suspicion> Suspicions, int Etag);

/// <summary>A silo's vote that another is dead.</summary>
internal sealed record Suspicion(string By, DateTime At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MembershipRows))]
internal sealed partial class MembershipJson : JsonSerializerContext;
