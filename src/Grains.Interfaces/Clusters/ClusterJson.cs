using System.Text.Json.Serialization;

namespace Trainer.Clusters;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ClusterFile))]
[JsonSerializable(typeof(SiloStateFile))]
[JsonSerializable(typeof(JobStateFile))]
internal sealed partial class ClusterJson : JsonSerializerContext;
