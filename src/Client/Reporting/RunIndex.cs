using System.Globalization;
using System.Text.Json;

using Trainer.Clusters;
using Trainer.Formats;

namespace Trainer.Reporting;

/// <summary>
/// An index of runs or sweeps, <c>$TRAINER_HOME/runs/ID.json</c>: exclusive creation makes an id unique.
/// </summary>
/// <param name="home">Where it is.</param>
/// <param name="place">Its folder in there.</param>
internal sealed class RunIndex(TrainerHome home, string place)
{
    private const string Extension = ".json";

    /// <summary>The index of runs.</summary>
    public RunIndex(TrainerHome home)
        : this(home, home.Runs)
    {
    }

    /// <summary>The index of sweeps.</summary>
    public static RunIndex OfSweeps(TrainerHome home) => new(home, home.Sweeps);

    /// <summary>Claims the next free id <c>NAME-NNNN</c>.</summary>
    /// <param name="name">Name of the job.</param>
    /// <param name="runsFolder">Absolute path of the working folder's <c>runs/</c>; its folders are taken ids.</param>
    /// <param name="folder">Absolute path of the run folder; null: the id under <paramref name="runsFolder"/>.</param>
    /// <param name="started">When the run was asked for.</param>
    /// <returns>The entry, which names no cluster yet.</returns>
    public RunEntry Claim(string name, string runsFolder, string? folder, DateTimeOffset started)
    {
        home.Create(place);
        for (int number = HighestNumber(name, runsFolder) + 1; ; number++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{name}-{number:D4}");
            var entry = new RunEntry(id, folder ?? Path.Combine(runsFolder, id), Cluster: null, started);
            if (!Path.Exists(Path.Combine(runsFolder, id)) && TryCreate(entry))
            {
                return entry;
            }
        }
    }

    /// <summary>Replaces an entry, whole.</summary>
    public void Update(RunEntry entry) => AtomicFile.WriteAllText(PathOf(entry.Id), Serialize(entry));

    /// <summary>Gives an id back whose run never began.</summary>
    public void Release(string id) => File.Delete(PathOf(id));

    /// <summary>The entry of an id; null when there is none.</summary>
    public RunEntry? Find(string id) => id.AsSpan().ContainsAny('/', '\\') ? null : TryRead(PathOf(id));

    /// <summary>All entries, the newest last.</summary>
    public IReadOnlyList<RunEntry> List() =>
    [
        .. Files(place)
            .Where(path => path.EndsWith(Extension, StringComparison.Ordinal))
            .Select(TryRead)
            .OfType<RunEntry>()
            .OrderBy(entry => entry.Started)
            .ThenBy(entry => entry.Id, StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : [];

    private static string Serialize(RunEntry entry) => JsonSerializer.Serialize(entry, JobStateFile.Json) + "\n";

    // Null also for an entry that is being written this moment.
    private static RunEntry? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEntry>(File.ReadAllText(path), JobStateFile.Json) is
                { Id: not null, Folder: not null } entry
                ? entry
                : null;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // 0 for what is no number, or none that this index gave.
    private static int Number(ReadOnlySpan<char> digits) =>
        digits.Length <= 9 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;

    private int HighestNumber(string name, string runsFolder)
    {
        string prefix = name + "-";
        return Files(place).Select(Path.GetFileNameWithoutExtension)
            .Concat(Files(runsFolder).Select(Path.GetFileName))
            .Where(id => id!.StartsWith(prefix, StringComparison.Ordinal))
            .Select(id => Number(id.AsSpan(prefix.Length)))
            .DefaultIfEmpty(0)
            .Max();
    }

    private bool TryCreate(RunEntry entry)
    {
        try
        {
            using var file = new FileStream(PathOf(entry.Id), FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(file);
            writer.Write(Serialize(entry));
            return true;
        }
        catch (IOException) when (File.Exists(PathOf(entry.Id)))
        {
            return false;
        }
    }

    private string PathOf(string id) => Path.Combine(place, id + Extension);
}
