using System.Text.Json.Serialization;

namespace Trainer.Clusters;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(ClusterFile))]
[JsonSerializable(typeof(SiloStateFile))]
internal sealed partial class ClusterJson : JsonSerializerContext;
