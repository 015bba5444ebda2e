using System.Globalization;

namespace Trainer.Diagnosis;

/// <summary>Memory of this machine, or of the container where it has a limit.</summary>
internal static class MemoryInfo
{
    /// <summary>Bytes in all.</summary>
    public static long Total() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var bytes
        ? bytes
        : Environment.WorkingSet;

    /// <summary>Bytes that a new process could have without swapping; null when the system does not tell.</summary>
    public static long? Available()
    {
        try
        {
            return Parse(File.ReadLines("/proc/meminfo")) is { } bytes ? Math.Min(bytes, Total()) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The line <c>MemAvailable:   123 kB</c> of proc(5).</summary>
    public static long? Parse(IEnumerable<string> lines)
    {
        string[]? words = lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(line => line is ["MemAvailable:", _, "kB"]);
        return words is not null && long.TryParse(words[1], CultureInfo.InvariantCulture, out long kibibytes)
            ? kibibytes * 1024
            : null;
    }
}
