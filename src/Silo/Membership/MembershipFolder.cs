using System.Globalization;
using System.Text.Json;

using Trainer.Clusters;

namespace Trainer.Silos.Membership;

/// <summary>
/// The versions of a membership table as immutable files: <c>N.json</c> is created exclusively and whole, readers take
/// the highest that parses. There is no lock, so nobody who is stopped or killed can block the others.
/// </summary>
/// <remarks>
/// Old versions are removed, which would let a writer that was stopped for long re-create a name of the past. It
/// notices: a name is only removed when the table is more than <see cref="Kept"/> versions further.
/// </remarks>
internal sealed class MembershipFolder(string folder)
{
    /// <summary>Versions kept.</summary>
    public const int Kept = 32;

    private const string Extension = ".json";

    /// <summary>The newest version that can be read; an empty table where there is none.</summary>
    public MembershipRows ReadLatest() => ReadLatest(out _);

    /// <summary>Publishes a version that follows another.</summary>
    /// <param name="expected">The version that it was made from.</param>
    /// <param name="rows">Its rows, for the number that they get.</param>
    /// <returns>False, and nothing is changed, when another writer was faster.</returns>
    public bool TryWrite(int expected, Func<int, IReadOnlyList<MembershipRow>> rows)
    {
        if (ReadLatest(out int taken).Version != expected)
        {
            return false;
        }

        // Past a file that cannot be read: its name is taken for good.
        int number = taken + 1;
        var next = new MembershipRows(number, rows(number));
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(next, MembershipJson.Default.MembershipRows);
        if (!WholeFile.TryCreate(PathOf(number), content))
        {
            return false;
        }

        int[] numbers = Numbers();
        int highest = numbers.DefaultIfEmpty(number).Max();
        if (highest > number + Kept)
        {
            File.Delete(PathOf(number));
            return false;
        }

        foreach (int old in numbers.Where(old => old < highest - Kept))
        {
            File.Delete(PathOf(old));
        }

        return true;
    }

    /// <summary>A silo says that it lives: cheap, as no version is made.</summary>
    public void WriteAlive(string address, DateTime time)
    {
        string path = AlivePath(address);
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, []);
        }

        File.SetLastWriteTimeUtc(path, time);
    }

    /// <summary>When a silo last said that it lives; null: never.</summary>
    public DateTime? ReadAlive(string address)
    {
        string path = AlivePath(address);
        return File.Exists(path) ? File.GetLastWriteTimeUtc(path) : null;
    }

    /// <summary>Forgets a silo.</summary>
    public void RemoveAlive(string address) => File.Delete(AlivePath(address));

    private MembershipRows ReadLatest(out int taken)
    {
        while (true)
        {
            int[] numbers = Numbers();
            taken = numbers.DefaultIfEmpty(0).Max();
            foreach (int number in numbers.OrderDescending())
            {
                if (TryRead(number) is { } rows)
                {
                    return rows;
                }
            }

            // A reader that was stopped between listing and reading may find that all it saw was removed since.
            if (numbers.Length == 0 || numbers.Any(number => File.Exists(PathOf(number))))
            {
                return MembershipRows.Empty;
            }
        }
    }

    private MembershipRows? TryRead(int number)
    {
        try
        {
            byte[] content = File.ReadAllBytes(PathOf(number));
            MembershipRows? rows = JsonSerializer.Deserialize(content, MembershipJson.Default.MembershipRows);
            return rows?.Version == number && rows.Rows is not null ? rows : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            return null;
        }
    }

    private int[] Numbers()
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder, "*" + Extension)
                    .Select(file => NumberOf(Path.GetFileNameWithoutExtension(file)))
                    .Where(number => number > 0),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            // The cluster was taken down.
            return [];
        }
    }

    private static int NumberOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private string PathOf(int number) =>
        Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture) + Extension);

    private string AlivePath(string address) => Path.Combine(folder, address + ".alive");
}
