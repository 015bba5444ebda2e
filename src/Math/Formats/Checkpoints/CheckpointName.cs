using System.Globalization;

namespace Trainer.Checkpoints;

/// <summary>
/// The name of a checkpoint, <c>INCARNATION-STEP</c>: never used twice, so no file is ever overwritten.
/// </summary>
/// <param name="Incarnation">Incarnation of the job that wrote it, from 1.</param>
/// <param name="Step">Steps since the start of the job.</param>
public readonly record struct CheckpointName(int Incarnation, long Step) : IComparable<CheckpointName>
{
    private const string ManifestExtension = ".json";

    /// <summary>Name of the file with the content.</summary>
    public string File => $"{this}.safetensors";

    /// <summary>Name of the manifest: there only where the content is whole.</summary>
    public string Manifest => $"{this}{ManifestExtension}";

    /// <summary>The checkpoint of a manifest; null: the file is something else.</summary>
    /// <param name="file">Name of a file.</param>
    public static CheckpointName? OfManifest(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string[] parts = file.EndsWith(ManifestExtension, StringComparison.Ordinal)
            ? file[..^ManifestExtension.Length].Split('-')
            : [];
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int incarnation)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            && new CheckpointName(incarnation, step) is var name
            && name.Manifest == file
                ? name
                : null;
    }

    /// <inheritdoc/>
    public int CompareTo(CheckpointName other) => (Incarnation, Step).CompareTo((other.Incarnation, other.Step));

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Incarnation}-{Step}");
}
