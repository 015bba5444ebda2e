using System.Collections.Immutable;
using System.Security.Cryptography;

using Trainer.Data;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Formats;

/// <summary>
/// A trained model as a safetensors file: tensors <c>layers.N.weight</c> [out, in] and <c>layers.N.bias</c> [out], and
/// metadata that is enough to predict.
/// </summary>
/// <param name="Architecture">The network.</param>
/// <param name="Parameters">
/// All parameters in safetensors order, row-major (<see cref="ParameterLayout.ToRowMajor"/>).
/// </param>
/// <param name="Job">The resolved job as a JSON object.</param>
/// <param name="Pipeline">Fitted preprocessing with class names.</param>
/// <param name="Threshold">Decision threshold of the positive class, in [0, 1].</param>
/// <param name="Kernel">The kernel id it was trained with.</param>
public sealed record ModelFile(
    MlpArchitecture Architecture,
    float[] Parameters,
    string Job,
    FittedPipeline Pipeline,
    double Threshold,
    string Kernel)
{
    private const int HashedAtOnce = 1 << 16;

    /// <summary>SHA-256, lower-case hex, of all parameters' float32 little-endian bytes in safetensors order.</summary>
    public string WeightsSha256
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int first = 0; first < Parameters.Length; first += HashedAtOnce)
            {
                int count = Math.Min(HashedAtOnce, Parameters.Length - first);
                hash.AppendData(SafetensorsTensor.ToBytes(Parameters.AsSpan(first, count)));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>Writes the file: temporary file, fsync, rename, fsync of the folder.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="ArgumentException">Its parts do not fit each other, so that it could not be used.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Save(string path)
    {
        if (ModelMetadata.DefectOf(this) is { } defect)
        {
            throw new ArgumentException($"This model cannot be saved: {defect}.");
        }

        ImmutableArray<SafetensorsTensor>.Builder tensors = ImmutableArray.CreateBuilder<SafetensorsTensor>();
        ReadOnlySpan<float> rest = Parameters;
        foreach ((string name, ImmutableArray<long> shape) in TensorsOf(Architecture))
        {
            int length = checked((int)shape.Aggregate((product, size) => checked(product * size)));
            if (length > rest.Length)
            {
                throw new ArgumentException($"This model cannot be saved: it has too few parameters for '{name}'.");
            }

            tensors.Add(SafetensorsTensor.FromSingles(name, shape, rest[..length]));
            rest = rest[length..];
        }

        if (rest.Length > 0)
        {
            throw new ArgumentException($"This model cannot be saved: it has {rest.Length} parameters too many.");
        }

        new SafetensorsFile(tensors.ToImmutable(), ModelMetadata.Write(this)).Write(path);
    }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">
    /// The file is missing, truncated or not such a file; the message names it and the reason.
    /// </exception>
    public static ModelFile Load(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        try
        {
            ModelFile model = ModelMetadata.Read(file.Metadata);
            return model with { Parameters = ReadParameters(file.Tensors, model.Architecture) };
        }
        catch (DataException error)
        {
            throw new DataException($"'{path}' is not a model that can be used: {error.Message}", error);
        }
    }

    // Name and shape of each tensor, in safetensors order.
    private static IEnumerable<(string Name, ImmutableArray<long> Shape)> TensorsOf(MlpArchitecture architecture)
    {
        long inputs = architecture.Inputs;
        int layer = 0;
        foreach (int outputs in architecture.Hidden.Append(architecture.Outputs))
        {
            yield return ($"layers.{layer}.weight", [outputs, inputs]);
            yield return ($"layers.{layer}.bias", [outputs]);
            (inputs, layer) = (outputs, layer + 1);
        }
    }

    /// <summary>The parameters of a network: its tensors, with their names and shapes, and no others.</summary>
    internal static float[] ReadParameters(ImmutableArray<SafetensorsTensor> tensors, MlpArchitecture architecture)
    {
        long count = tensors.Sum(tensor => (long)tensor.Data.Length) / sizeof(float);
        if (count > Array.MaxLength)
        {
            throw new DataException($"it has {count} parameters; at most {Array.MaxLength} can be read.");
        }

        Dictionary<string, SafetensorsTensor> left = tensors.ToDictionary(tensor => tensor.Name);
        float[] parameters = new float[count];
        int offset = 0;
        foreach ((string name, ImmutableArray<long> shape) in TensorsOf(architecture))
        {
            if (!left.Remove(name, out SafetensorsTensor? tensor))
            {
                throw new DataException($"it has no tensor '{name}'.");
            }

            if (tensor.Type != SafetensorsType.F32 || !tensor.Shape.SequenceEqual(shape))
            {
                throw new DataException(
                    $"its tensor '{name}' is {tensor.Type} [{string.Join(", ", tensor.Shape)}]; "
                    + $"the network needs {SafetensorsType.F32} [{string.Join(", ", shape)}].");
            }

            float[] values = tensor.ToSingles();
            if (ElementwiseKernels.IndexOfNonFinite(values) is var bad and >= 0)
            {
                throw new DataException($"its tensor '{name}' is not finite at element {bad}; it was damaged.");
            }

            values.CopyTo(parameters, offset);
            offset += values.Length;
        }

        return left.Count == 0
            ? parameters
            : throw new DataException($"it has tensors that its network has not: {DataText.List(left.Keys)}.");
    }
}
