using System.Text;
using System.Text.Json;

using Trainer.Data;
using Trainer.Preprocessing;

namespace Trainer.Checkpoints;

/// <summary>What proves that a checkpoint is whole.</summary>
/// <param name="File">Name of the file with the content.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Their SHA-256, lower-case hex.</param>
/// <param name="BestStep"><see cref="TrainingPosition.BestStep"/>: decides what is kept.</param>
public sealed record CheckpointManifest(string File, long Size, string Sha256, long BestStep)
{
    /// <summary>As the bytes of a file.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, PipelineJson.Options) + "\n");

    /// <summary>The inverse of <see cref="ToBytes"/>: nothing else is taken.</summary>
    /// <param name="content">The bytes.</param>
    /// <exception cref="DataException">They are no manifest; the message is a part of a sentence.</exception>
    public static CheckpointManifest Parse(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var manifest = PipelineJson.Parse<CheckpointManifest>(Encoding.UTF8.GetString(content), "manifest");
        return manifest.ToBytes().AsSpan().SequenceEqual(content)
            ? manifest
            : throw new DataException("it is not as it was written");
    }
}
