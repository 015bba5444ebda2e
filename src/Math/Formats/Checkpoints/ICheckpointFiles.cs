namespace Trainer.Checkpoints;

/// <summary>What checkpoints need of a file system; each call may fail with an <see cref="IOException"/>.</summary>
public interface ICheckpointFiles
{
    /// <summary>Creates a folder and those above it; where it exists nothing changes.</summary>
    void CreateFolder(string folder);

    /// <summary>Names of the files of a folder; none where there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Opens a file to read; the stream can seek.</summary>
    Stream OpenRead(string path);

    /// <summary>Creates a file that does not exist.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    Stream Create(string path);

    /// <summary>Returns once what was written to a file is on disk.</summary>
    void Flush(Stream stream);

    /// <summary>Gives a file a name that is free.</summary>
    /// <exception cref="IOException">The name is taken, or the file is gone.</exception>
    void Rename(string path, string newPath);

    /// <summary>Returns once the names of a folder are on disk.</summary>
    void FlushFolder(string folder);

    /// <summary>Removes a file; nothing happens where there is none.</summary>
    void Delete(string path);
}
