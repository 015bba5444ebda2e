using System.Security.Cryptography;

using Trainer.Data;
using Trainer.Formats;

namespace Trainer.Checkpoints;

/// <summary>Finds the checkpoint to go on from: that of the highest incarnation and step which verifies.</summary>
public static class CheckpointReader
{
    private const int LongestManifest = 1 << 16;

    /// <summary>The checkpoints of a folder by their manifests, newest first; none is read.</summary>
    /// <param name="folder">Folder of the checkpoints; it need not exist.</param>
    /// <param name="files">The file system.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<CheckpointName> List(string folder, ICheckpointFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return
        [
            .. files.List(folder)
                .Select(CheckpointName.OfManifest)
                .OfType<CheckpointName>()
                .OrderDescending(),
        ];
    }

    /// <summary>Reads the newest checkpoint that verifies.</summary>
    /// <param name="folder">Folder of the checkpoints; it need not exist.</param>
    /// <param name="files">The file system.</param>
    /// <returns>Null: there is none, and never was.</returns>
    /// <exception cref="DataException">There are some, and none can be used; the message names each.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static FoundCheckpoint? ReadNewest(string folder, ICheckpointFiles files)
    {
        List<(CheckpointName Name, string Reason)> damaged = [];
        foreach (CheckpointName name in List(folder, files))
        {
            try
            {
                (CheckpointManifest manifest, Checkpoint content) = Read(folder, files, name);
                string[] lines =
                [
                    .. damaged.Select(each =>
                        $"checkpoint '{each.Name.File}' cannot be used: {each.Reason}; going on from '{name.File}'."),
                ];
                return new FoundCheckpoint(name, Path.Combine(folder, name.File), manifest, content, lines);
            }
            catch (DataException error)
            {
                damaged.Add((name, error.Message.TrimEnd('.')));
            }
        }

        return damaged.Count == 0 ? null : throw new DataException(
            $"None of the checkpoints in '{folder}' can be used: "
            + $"{string.Join("; ", damaged.Select(each => $"'{each.Name.File}': {each.Reason}"))}. Start a new run.");
    }

    /// <summary>Reads a checkpoint that somebody else has verified, if it is still the same.</summary>
    /// <param name="file">Its file: path, size, SHA-256.</param>
    /// <param name="files">The file system.</param>
    /// <exception cref="DataException">It cannot be read, or has changed.</exception>
    public static Checkpoint Read(DataSource file, ICheckpointFiles files)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(files);
        try
        {
            return ReadContent(file.Path!, files, file.Size, file.Sha256);
        }
        catch (DataException error)
        {
            throw new DataException($"Checkpoint '{file.Path}' cannot be used: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <summary>Reads the manifest of a checkpoint.</summary>
    /// <exception cref="DataException">It is damaged; the message is a part of a sentence that names it.</exception>
    internal static CheckpointManifest ReadManifest(string folder, ICheckpointFiles files, CheckpointName name)
    {
        try
        {
            using Stream stream = files.OpenRead(Path.Combine(folder, name.Manifest));
            byte[] content = new byte[Math.Min(stream.Length, LongestManifest)];
            stream.ReadExactly(content);
            var manifest = CheckpointManifest.Parse(content);
            return manifest.File == name.File
                ? manifest
                : throw new DataException($"it names '{DataText.Show(manifest.File)}'");
        }
        catch (Exception error) when (error is DataException or IOException)
        {
            string reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new DataException($"its manifest '{name.Manifest}' is damaged ({reason})", error);
        }
    }

    private static (CheckpointManifest Manifest, Checkpoint Content) Read(
        string folder, ICheckpointFiles files, CheckpointName name)
    {
        CheckpointManifest manifest = ReadManifest(folder, files, name);
        Checkpoint content = ReadContent(Path.Combine(folder, name.File), files, manifest.Size, manifest.Sha256);
        return content.Position.TotalSteps != name.Step
            ? throw new DataException($"it is of step {content.Position.TotalSteps}")
            : content.Position.BestStep == manifest.BestStep
                ? (manifest, content)
                : throw new DataException($"its manifest '{name.Manifest}' does not belong to it");
    }

    private static Checkpoint ReadContent(string path, ICheckpointFiles files, long size, string sha256)
    {
        try
        {
            using Stream stream = files.OpenRead(path);
            if (stream.Length != size)
            {
                throw new DataException($"it has {stream.Length} bytes and not {size}");
            }

            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != sha256)
            {
                throw new DataException("its SHA-256 is not the one of its manifest");
            }

            stream.Position = 0;
            return Checkpoint.FromFile(SafetensorsReader.Read(stream, Path.GetFileName(path)));
        }
        catch (IOException error)
        {
            throw new DataException($"it cannot be read ({error.Message.ReplaceLineEndings(" ").TrimEnd('.')})", error);
        }
    }
}
