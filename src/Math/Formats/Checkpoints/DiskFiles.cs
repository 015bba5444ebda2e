using Trainer.Formats;

namespace Trainer.Checkpoints;

/// <summary>The real file system.</summary>
public sealed class DiskFiles : ICheckpointFiles
{
    private DiskFiles()
    {
    }

    /// <summary>The one instance.</summary>
    public static DiskFiles Instance { get; } = new();

    /// <inheritdoc/>
    public void CreateFolder(string folder) => Guarded(() => Directory.CreateDirectory(folder));

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => Guarded(() => Directory.Exists(folder)
        ? Array.ConvertAll(Directory.GetFiles(folder), path => Path.GetFileName(path)!)
        : []);

    /// <inheritdoc/>
    public Stream OpenRead(string path) => Guarded(() => File.OpenRead(path));

    /// <inheritdoc/>
    public Stream Create(string path) =>
        Guarded(() => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));

    /// <inheritdoc/>
    public void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Rename(string path, string newPath) => Guarded(() =>
    {
        File.Move(path, newPath, overwrite: false);
        return true;
    });

    /// <inheritdoc/>
    public void FlushFolder(string folder) => AtomicFile.FlushFolder(folder);

    /// <inheritdoc/>
    public void Delete(string path) => Guarded(() =>
    {
        File.Delete(path);
        return true;
    });

    // For those who call, a lost permission is a failure like others.
    private static T Guarded<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }
}
