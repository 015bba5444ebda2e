using Trainer.Clusters;
using Trainer.Commands;

namespace Trainer.Reporting;

/// <summary>An id of an index and its folder, claimed for a run or a sweep that is not submitted yet.</summary>
internal sealed class ClaimedFolder
{
    private readonly RunIndex _index;
    private readonly bool _madeFolder;

    private ClaimedFolder(RunIndex index, RunEntry entry)
    {
        _index = index;
        _madeFolder = !Directory.Exists(entry.Folder);
        Entry = entry;
    }

    /// <summary>Its entry in the index.</summary>
    public RunEntry Entry { get; private set; }

    /// <summary>Claims an id, makes the folder and fills it.</summary>
    /// <param name="index">The index.</param>
    /// <param name="name">Name of the job.</param>
    /// <param name="parent">Folder of the folders, <c>runs</c> or <c>sweeps</c>, in the current one.</param>
    /// <param name="what">What the folder is called in errors.</param>
    /// <param name="folder">Value of <c>--out</c>; null: <c>PARENT/ID</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="fill">Writes the files.</param>
    /// <exception cref="CommandException">The folder cannot be made (exit code 2).</exception>
    public static ClaimedFolder Create(
        RunIndex index,
        string name,
        string parent,
        string what,
        string? folder,
        DateTimeOffset now,
        Action<RunEntry> fill)
    {
        string? absolute = folder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var claimed = new ClaimedFolder(index, index.Claim(name, Path.GetFullPath(parent), absolute, now));
        try
        {
            Directory.CreateDirectory(claimed.Entry.Folder);
            fill(claimed.Entry);
            return claimed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            index.Release(claimed.Entry.Id);
            string reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new CommandException(folder is null
                ? $"the {what} '{claimed.Entry.Folder}' cannot be made ({reason}); name one that you can write to by "
                    + "'--out'."
                : $"'--out' is '{folder}', which cannot be made or written ({reason}); name a folder that you can "
                    + "write to.");
        }
    }

    /// <summary>Notes on which cluster it runs.</summary>
    public void PlaceOn(string cluster)
    {
        Entry = Entry with { Cluster = cluster };
        _index.Update(Entry);
    }

    /// <summary>Leaves nothing behind of what was never submitted.</summary>
    /// <param name="files">The files that were written.</param>
    public void Abandon(params IEnumerable<string> files)
    {
        _index.Release(Entry.Id);
        foreach (string file in files)
        {
            File.Delete(file);
        }

        if (_madeFolder && !Directory.EnumerateFileSystemEntries(Entry.Folder).Any())
        {
            Directory.Delete(Entry.Folder);
        }
    }
}
