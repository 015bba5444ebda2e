using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Data;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>A sweep that a user named, by its id or by its folder.</summary>
/// <param name="Id">Sweep id; the folder's name where the index does not know the folder.</param>
/// <param name="Folder">Absolute path of the sweep's folder.</param>
/// <param name="Entry">Its entry in the index; null when there is none.</param>
internal sealed record SweepReference(string Id, string Folder, RunEntry? Entry)
{
    private const string RecordName = "sweep.json";

    /// <summary>What the sweep was started with, for who goes on with it.</summary>
    public string RecordPath => Path.Combine(Folder, RecordName);

    /// <summary>The resolved sweep file.</summary>
    public string SweepPath => Path.Combine(Folder, "sweep.yaml");

    /// <summary>The job that trials vary.</summary>
    public string JobPath => Path.Combine(Folder, "job.yaml");

    /// <summary>How it ended; absent before.</summary>
    public string SummaryPath => Path.Combine(Folder, "summary.json");

    /// <summary>The sweep of an entry of the index.</summary>
    public static SweepReference Of(RunEntry entry) => new(entry.Id, entry.Folder, entry);

    /// <summary>Finds a sweep: an id of the index, else a folder that holds a <c>sweep.json</c>.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="home">Where the index is.</param>
    /// <exception cref="CommandException">No such sweep (exit code 2); the message has the nearest id.</exception>
    public static SweepReference Resolve(string text, TrainerHome home)
    {
        var index = RunIndex.OfSweeps(home);
        if (index.Find(text) is { } entry)
        {
            return Of(entry);
        }

        IReadOnlyList<RunEntry> known = index.List();
        if (!Directory.Exists(text))
        {
            string hint = NearestName.Hint(text, known.Select(sweep => sweep.Id));
            string help = hint.Length > 0 ? hint : "; 'trainer sweep' lists the sweeps.";
            throw new CommandException($"'{text}' is neither the id of a sweep nor its folder{help}");
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(text));
        if (!File.Exists(Path.Combine(folder, RecordName)))
        {
            throw new CommandException(
                $"'{text}' is no folder of a sweep: it has no '{RecordName}'; 'trainer sweep' lists the sweeps.");
        }

        return known.LastOrDefault(sweep => sweep.Folder == folder) is { } found
            ? Of(found)
            : new SweepReference(Path.GetFileName(folder), folder, Entry: null);
    }
}
