using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Formats;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>A sweep with its id and its folder, before it is submitted.</summary>
internal sealed class NewSweep(ClaimedFolder claimed)
{
    /// <summary>Its entry in the index.</summary>
    public RunEntry Entry => claimed.Entry;

    /// <summary>The sweep as commands name it.</summary>
    public SweepReference Reference => SweepReference.Of(Entry);

    /// <summary>Claims an id, makes the folder and writes the files of the sweep into it.</summary>
    /// <param name="index">The index of sweeps.</param>
    /// <param name="sweep">The sweep, planned.</param>
    /// <param name="folder">Value of <c>--out</c>; null: <c>sweeps/ID</c>.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CommandException">The folder cannot be made (exit code 2).</exception>
    public static NewSweep Create(RunIndex index, PreparedSweep sweep, string? folder, DateTimeOffset now) =>
        new(ClaimedFolder.Create(
            index,
            sweep.File.Job.Name,
            "sweeps",
            "sweep's folder",
            folder,
            now,
            entry => Write(SweepReference.Of(entry), sweep)));

    /// <summary>Writes the files of a sweep: what resumes it, the resolved file, the job that trials vary.</summary>
    public static void Write(SweepReference reference, PreparedSweep sweep)
    {
        new SweepRecord(reference.Id, sweep.File.Text, sweep.DataSha256).Write(reference);
        AtomicFile.WriteAllText(reference.SweepPath, sweep.File.ToYaml(sweep.File.Job));
        AtomicFile.WriteAllText(reference.JobPath, JobFile.ToYaml(sweep.File.Job));
    }

    /// <summary>Notes on which cluster it runs.</summary>
    public void PlaceOn(string cluster) => claimed.PlaceOn(cluster);

    /// <summary>Leaves nothing behind of a sweep that was never submitted.</summary>
    public void Abandon() => claimed.Abandon(Reference.RecordPath, Reference.SweepPath, Reference.JobPath);
}
