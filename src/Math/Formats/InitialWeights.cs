using System.Security.Cryptography;

using Trainer.Data;
using Trainer.Models;

namespace Trainer.Formats;

/// <summary>
/// A safetensors file that training starts from: tensors <c>layers.N.weight</c> [out, in] and <c>layers.N.bias</c>
/// [out], binary32, as in a model file.
/// </summary>
public static class InitialWeights
{
    /// <summary>Reads the parameters of a network, if the file is still the one that was registered.</summary>
    /// <param name="source">The file: absolute path, size, SHA-256.</param>
    /// <param name="network">The network.</param>
    /// <returns>All parameters, row-major in the order of the layers.</returns>
    /// <exception cref="DataException">It cannot be read, has changed, or does not fit the network.</exception>
    public static float[] Load(DataSource source, MlpArchitecture network)
    {
        ArgumentNullException.ThrowIfNull(source);
        using FileStream file = SourceFile.OpenRegular(source.Path ?? source.Name, out string path);
        try
        {
            if (file.Length != source.Size || Convert.ToHexStringLower(SHA256.HashData(file)) != source.Sha256)
            {
                throw new DataException(
                    $"'{source.Name}' has changed since the job was planned; start a new job to use it as it is now.");
            }

            file.Position = 0;
            SafetensorsFile content = SafetensorsReader.Read(file, source.Name);
            return Parameters(content, source.Name, network);
        }
        catch (IOException error)
        {
            throw SourceFile.Unreadable(path, error);
        }
    }

    private static float[] Parameters(SafetensorsFile content, string name, MlpArchitecture network)
    {
        try
        {
            return ModelFile.ReadParameters(content.Tensors, network);
        }
        catch (DataException error)
        {
            throw new DataException($"'{name}' does not fit the network: {error.Message}", error);
        }
    }
}
