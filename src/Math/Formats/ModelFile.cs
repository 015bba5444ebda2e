using Trainer.Data;
using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Formats;

/// <summary>A trained model as a safetensors file: tensors <c>layers.N.weight</c> [out, in], <c>layers.N.bias</c> [out], and metadata.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Parameters">All parameters in safetensors order, row-major (<see cref="ParameterLayout.ToRowMajor"/>).</param>
/// <param name="Job">The resolved job as JSON.</param>
/// <param name="Pipeline">Fitted preprocessing with class names.</param>
/// <param name="Threshold">Decision threshold of the positive class.</param>
/// <param name="Kernel">The kernel id it was trained with.</param>
public sealed record ModelFile(
    MlpArchitecture Architecture, float[] Parameters, string Job, FittedPipeline Pipeline, double Threshold, string Kernel)
{
    /// <summary>SHA-256, lower-case hex, of all parameters' float32 little-endian bytes in safetensors order.</summary>
    public string WeightsSha256 => throw new NotImplementedException();

    /// <summary>Writes the file: temporary file, fsync, rename, fsync of the folder.</summary>
    public void Save(string path) => throw new NotImplementedException();

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="DataException">The file is missing, truncated or not such a file.</exception>
    public static ModelFile Load(string path) => throw new NotImplementedException();
}
