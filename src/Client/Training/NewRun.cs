using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>A run with its id and its folder, before it is submitted.</summary>
internal sealed class NewRun(ClaimedFolder claimed)
{
    /// <summary>Its entry in the index.</summary>
    public RunEntry Entry => claimed.Entry;

    /// <summary>The run as commands name it.</summary>
    public RunReference Reference => RunReference.Of(Entry);

    /// <summary>Refuses a folder of <c>--out</c> that holds anything.</summary>
    /// <param name="folder">As typed; null: none was.</param>
    /// <exception cref="CommandException">It is a file or not empty (exit code 2).</exception>
    public static void CheckFolder(string? folder)
    {
        if (folder is "" || File.Exists(folder))
        {
            throw new CommandException($"'--out {folder}' is no folder; name a new or an empty one.");
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new CommandException($"'--out {folder}' is not empty; name a new or an empty folder.");
        }
    }

    /// <summary>Claims an id, makes the folder and writes <c>job.yaml</c> into it.</summary>
    /// <param name="index">The index of runs.</param>
    /// <param name="name">Name of the job.</param>
    /// <param name="folder">Value of <c>--out</c>; null: <c>runs/ID</c>.</param>
    /// <param name="job">The resolved job as YAML.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CommandException">The folder cannot be made (exit code 2).</exception>
    public static NewRun Create(RunIndex index, string name, string? folder, string job, DateTimeOffset now) =>
        new(ClaimedFolder.Create(index, name, "runs", "run folder", folder, now, entry =>
        {
            using var file = new FileStream(RunReference.Of(entry).JobPath, FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(file);
            writer.Write(job);
        }));

    /// <summary>Notes on which cluster it runs.</summary>
    public void PlaceOn(string cluster) => claimed.PlaceOn(cluster);

    /// <summary>Leaves nothing behind of a run that was never submitted.</summary>
    public void Abandon() => claimed.Abandon(Reference.JobPath);
}
