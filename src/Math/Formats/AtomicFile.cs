using System.Runtime.InteropServices;
using System.Text;

namespace Trainer.Formats;

/// <summary>
/// Writes files that are there whole or not at all, also after a power cut: temporary file in the same folder, fsync,
/// rename, fsync of the folder.
/// </summary>
public static partial class AtomicFile
{
    // EINVAL of fsync: the file system has no way to flush a folder, and needs none.
    private const int InvalidArgument = 22;
    private const int ReadOnly = 0;

    /// <summary>Replaces or creates a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="IOException">It could not be written; the old file, if any, is untouched.</exception>
    public static void WriteAllBytes(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Write(path, stream => stream.Write(content));
    }

    /// <summary>Replaces or creates a text file, in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The text.</param>
    /// <exception cref="IOException">It could not be written; the old file, if any, is untouched.</exception>
    public static void WriteAllText(string path, string content) =>
        WriteAllBytes(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Replaces or creates a file by what <paramref name="write"/> puts into a stream.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content; when it throws, nothing is replaced.</param>
    /// <exception cref="IOException">It could not be written; the old file, if any, is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = NewTemporary(path);
        try
        {
            using (FileStream stream = Create(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Publish(temporary, path);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    // What made the writing fail is the news, not that the rest of it cannot be removed either.
    private static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string NewTemporary(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.Combine(FolderOf(full), $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.tmp");
    }

    private static string FolderOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetPathRoot(path)!;

    private static FileStream Create(string temporary) =>
        new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    private static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            FlushFolder(FolderOf(path));
        }
    }

    /// <summary>Returns once the names of a folder are on disk.</summary>
    /// <remarks>By system calls, as .NET opens no folders.</remarks>
    internal static void FlushFolder(string folder)
    {
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            // A folder that may be written but not read; the file itself is on disk.
            return;
        }

        int error = Flush(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is not 0 and not InvalidArgument)
        {
            throw new IOException(
                $"The folder '{folder}' could not be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
