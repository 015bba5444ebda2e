using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Data;
using Trainer.Errors;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>
/// The runs that ended with their cluster, its silos killed or the power gone: they go on when it is back.
/// </summary>
/// <param name="folder">The cluster.</param>
/// <param name="view">Hears of each run.</param>
/// <param name="time">The clock.</param>
internal sealed class LostRuns(ClusterFolder folder, IRunView view, TimeProvider time)
{
    /// <summary>Resumes them on the cluster, which runs again; what cannot be resumed is said.</summary>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var placement = new PlacementOptions(Silos: null, Threads: null, folder.Name, Detach: true);
        foreach (RunEntry entry in Find())
        {
            view.Note($"run '{entry.Id}' was cut off when the cluster ended: resuming it");
            try
            {
                await new ResumeSession(RunReference.Of(entry), placement, view, time).RunAsync(cancellationToken);
            }
            catch (Exception error) when (error
                is CommandException or TrainerException or DataException or ClusterUnreachableException or IOException)
            {
                view.Note($"trainer: warning: run '{entry.Id}' was not resumed: {error.Message}");
            }
        }
    }

    // A run that was resumed elsewhere since is placed there.
    private IEnumerable<RunEntry> Find() =>
    [
        .. new RunIndex(folder.Home).List().Where(entry => entry.Cluster == folder.Name
            && folder.ReadJob(entry.Id) is { State: JobStateFile.Lost } or { LostASilo: true }
            && RunStatus.Of(entry, folder.Home, time.GetUtcNow()).State is RunStatus.Lost or "failed"),
    ];
}
