using System.Security.Cryptography;

namespace Trainer.Checkpoints;

/// <summary>
/// Writes checkpoints that are there whole or not at all: temporary file, fsync, claim, rename, fsync of the folder,
/// and the same for the manifest, without which the content does not count.
/// </summary>
/// <param name="folder">Folder of the checkpoints.</param>
/// <param name="files">The file system.</param>
/// <param name="claim">The right to write there.</param>
/// <param name="keep">Checkpoints that are kept, at least 1; the best is kept besides.</param>
public sealed class CheckpointWriter(string folder, ICheckpointFiles files, CheckpointClaim claim, int keep)
{
    internal const string ContentExtension = ".safetensors";
    internal const string TemporaryExtension = ".tmp";

    /// <summary>Writes a checkpoint, then removes those that are no longer kept.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="IOException">It could not be written; the earlier ones are untouched.</exception>
    /// <exception cref="ClaimLostException">Another incarnation has the folder.</exception>
    public void Write(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var name = new CheckpointName(claim.Incarnation, checkpoint.Position.TotalSteps);
        (long size, string sha256) = Publish(name.File, stream => checkpoint.ToFile().Write(stream));
        try
        {
            var manifest = new CheckpointManifest(name.File, size, sha256, checkpoint.Position.BestStep);
            Publish(name.Manifest, stream => stream.Write(manifest.ToBytes()));
        }
        catch
        {
            TryDelete(name.File);
            throw;
        }

        RemoveOld();
    }

    private (long Size, string Sha256) Publish(string name, Action<Stream> write)
    {
        string temporary = $".{name}{TemporaryExtension}";
        string path = Path.Combine(folder, temporary);
        try
        {
            claim.Require();
            files.Delete(path);
            (long Size, string Sha256) written = WriteTemporary(path, write);
            claim.Require();
            files.Rename(path, Path.Combine(folder, name));
            files.FlushFolder(folder);
            return written;
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private (long Size, string Sha256) WriteTemporary(string path, Action<Stream> write)
    {
        using var sha256 = SHA256.Create();
        using Stream stream = files.Create(path);
        using (var hashed = new CryptoStream(stream, sha256, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(hashed);
        }

        files.Flush(stream);
        return (stream.Position, Convert.ToHexStringLower(sha256.Hash!));
    }

    // The new checkpoint is there, whatever happens here: what stays is removed after the next one.
    private void RemoveOld()
    {
        try
        {
            (CheckpointName Name, long BestStep)[] all =
                [.. CheckpointReader.List(folder, files).Select(name => (name, BestStepOf(name)))];
            foreach (CheckpointName old in Outdated(all, keep))
            {
                // The manifest first: a content without one does not count.
                files.Delete(Path.Combine(folder, old.Manifest));
                files.Delete(Path.Combine(folder, old.File));
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>
    /// Which checkpoints are no longer kept: neither among the newest, nor the first one with the best weights.
    /// </summary>
    /// <param name="newestFirst">All checkpoints with the step that marked their best weights.</param>
    /// <param name="keep">How many of the newest are kept.</param>
    internal static IEnumerable<CheckpointName> Outdated(
        IReadOnlyList<(CheckpointName Name, long BestStep)> newestFirst, int keep)
    {
        long best = newestFirst.Select(each => each.BestStep).DefaultIfEmpty(0).Max();
        CheckpointName? first = best == 0 ? null : newestFirst.Last(each => each.BestStep == best).Name;
        return newestFirst.Skip(keep).Select(each => each.Name).Where(name => name != first);
    }

    private long BestStepOf(CheckpointName name)
    {
        try
        {
            return CheckpointReader.ReadManifest(folder, files, name).BestStep;
        }
        catch (Data.DataException)
        {
            return 0;
        }
    }

    // What made the writing fail is the news, not that the rest of it cannot be removed either.
    private void TryDelete(string name)
    {
        try
        {
            files.Delete(Path.Combine(folder, name));
        }
        catch (IOException)
        {
        }
    }
}
