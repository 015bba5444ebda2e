using System.Globalization;
using System.Runtime.InteropServices;

namespace Trainer.Clusters;

/// <summary>Files that readers see whole or not at all.</summary>
public static partial class WholeFile
{
    private const int AlreadyExists = 17; // EEXIST, Linux

    private static int _counter;

    /// <summary>Writes a file, replacing one of that name.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">What it holds.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = WriteTemporary(path, content);
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Creates a file that does not exist.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">What it holds.</param>
    /// <returns>False, and nothing changed, where one of that name exists.</returns>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        string temporary = WriteTemporary(path, content);
        try
        {
            if (Link(temporary, path) == 0)
            {
                return true;
            }

            int error = Marshal.GetLastPInvokeError();
            return error == AlreadyExists
                ? false
                : throw new IOException($"'{path}' was not created: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // What made the move fail is the news, not that the rest of it cannot be removed either.
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

    // In the same folder, for rename and link do not leave a file system; the leading dot keeps it out of listings.
    private static string WriteTemporary(string path, ReadOnlySpan<byte> content)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Interlocked.Increment(ref _counter)}");
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(temporary, options);
        file.Write(content);
        return temporary;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
