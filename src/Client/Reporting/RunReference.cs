using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Data;

namespace Trainer.Reporting;

/// <summary>A run that a user named, by its id or by its folder.</summary>
/// <param name="Id">Run id; the folder's name where the index does not know the folder.</param>
/// <param name="Folder">Absolute path of the run folder.</param>
/// <param name="Entry">Its entry in the index; null when there is none.</param>
internal sealed record RunReference(string Id, string Folder, RunEntry? Entry)
{
    private const string JobName = "job.yaml";

    /// <summary>The resolved job.</summary>
    public string JobPath => Path.Combine(Folder, JobName);

    /// <summary>A line an epoch.</summary>
    public string MetricsPath => Path.Combine(Folder, "metrics.jsonl");

    /// <summary>The trained model.</summary>
    public string ModelPath => Path.Combine(Folder, "model.safetensors");

    /// <summary>How it ended; absent before.</summary>
    public string SummaryPath => Path.Combine(Folder, "summary.json");

    /// <summary>The trained model, which must be there.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="CommandException">The run has none (exit code 2).</exception>
    public string RequireModel() => File.Exists(ModelPath)
        ? ModelPath
        : throw new CommandException(
            $"run '{Id}' has no model: '{ModelPath}' does not exist; a run writes it when it ends well.");

    /// <summary>The run of an entry of the index.</summary>
    public static RunReference Of(RunEntry entry) => new(entry.Id, entry.Folder, entry);

    /// <summary>Finds a run: an id of the index, else a folder that holds a <c>job.yaml</c>.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="home">Where the index is.</param>
    /// <exception cref="CommandException">No such run (exit code 2); the message has the nearest id.</exception>
    public static RunReference Resolve(string text, TrainerHome home)
    {
        var index = new RunIndex(home);
        if (index.Find(text) is { } entry)
        {
            return Of(entry);
        }

        IReadOnlyList<RunEntry> known = index.List();
        if (!Directory.Exists(text))
        {
            string hint = NearestName.Hint(text, known.Select(run => run.Id));
            string help = hint.Length > 0 ? hint : "; 'trainer runs' lists the runs.";
            throw new CommandException($"'{text}' is neither the id of a run nor a run folder{help}");
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(text));
        if (!File.Exists(Path.Combine(folder, JobName)))
        {
            throw new CommandException(
                $"'{text}' is no run folder: it has no '{JobName}'; 'trainer runs' lists the runs.");
        }

        // An older run of the same folder may have been deleted and its place used again: the newest counts.
        return known.LastOrDefault(run => run.Folder == folder) is { } found
            ? Of(found)
            : new RunReference(Path.GetFileName(folder), folder, Entry: null);
    }
}
