using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Formats;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>A sweep with its id and its folder, before it is submitted.</summary>
internal sealed class NewSweep
{
    private readonly RunIndex _index;
    private readonly bool _madeFolder;

    private NewSweep(RunIndex index, RunEntry entry, bool madeFolder)
    {
        _index = index;
        _madeFolder = madeFolder;
        Entry = entry;
    }

    /// <summary>Its entry in the index.</summary>
    public RunEntry Entry { get; private set; }

    /// <summary>The sweep as commands name it.</summary>
    public SweepReference Reference => SweepReference.Of(Entry);

    /// <summary>Claims an id, makes the folder and writes the files of the sweep into it.</summary>
    /// <param name="index">The index of sweeps.</param>
    /// <param name="sweep">The sweep, planned.</param>
    /// <param name="folder">Value of <c>--out</c>; null: <c>sweeps/ID</c>.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CommandException">The folder cannot be made (exit code 2).</exception>
    public static NewSweep Create(RunIndex index, PreparedSweep sweep, string? folder, DateTimeOffset now)
    {
        string? absolute = folder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RunEntry entry = index.Claim(sweep.File.Job.Name, Path.GetFullPath("sweeps"), absolute, now);
        var created = new NewSweep(index, entry, madeFolder: !Directory.Exists(entry.Folder));
        try
        {
            Directory.CreateDirectory(entry.Folder);
            Write(created.Reference, sweep);
            return created;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            index.Release(entry.Id);
            string reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new CommandException(folder is null
                ? $"the sweep's folder '{entry.Folder}' cannot be made ({reason}); name one that you can write to by "
                    + "'--out'."
                : $"'--out' is '{folder}', which cannot be made or written ({reason}); name a folder that you can "
                    + "write to.");
        }
    }

    /// <summary>Writes the files of a sweep: what resumes it, the resolved file, the job that trials vary.</summary>
    public static void Write(SweepReference reference, PreparedSweep sweep)
    {
        new SweepRecord(reference.Id, sweep.File.Text, sweep.DataSha256).Write(reference);
        AtomicFile.WriteAllText(reference.SweepPath, sweep.File.ToYaml(sweep.File.Job));
        AtomicFile.WriteAllText(reference.JobPath, JobFile.ToYaml(sweep.File.Job));
    }

    /// <summary>Notes on which cluster it runs.</summary>
    public void PlaceOn(string cluster)
    {
        Entry = Entry with { Cluster = cluster };
        _index.Update(Entry);
    }

    /// <summary>Leaves nothing behind of a sweep that was never submitted.</summary>
    public void Abandon()
    {
        _index.Release(Entry.Id);
        foreach (string file in (string[])[Reference.RecordPath, Reference.SweepPath, Reference.JobPath])
        {
            File.Delete(file);
        }

        if (_madeFolder && !Directory.EnumerateFileSystemEntries(Entry.Folder).Any())
        {
            Directory.Delete(Entry.Folder);
        }
    }
}
