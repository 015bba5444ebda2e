using Trainer.Data;

namespace Trainer.Grains;

/// <summary>A file that the client found with its user's rights; silos open these only, and only unchanged.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hex of its bytes.</param>
[GenerateSerializer, Immutable, Alias("trainer.registered-file")]
public sealed record RegisteredFile(
    [property: Id(0)] string Path, [property: Id(1)] long Size, [property: Id(2)] string Sha256)
{
    /// <summary>The same for the readers of the core.</summary>
    public DataSource ToSource() => new(System.IO.Path.GetFileName(Path), Path, Size, Sha256);
}
