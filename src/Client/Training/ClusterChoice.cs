using Trainer.Cluster;
using Trainer.Commands;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>Where a job runs.</summary>
internal enum ClusterKind
{
    /// <summary>On a cluster that is running.</summary>
    Running,

    /// <summary>On silo processes of its own.</summary>
    Own,

    /// <summary>On one silo inside this process.</summary>
    InProcess,
}

/// <summary>The cluster that a command line asks for.</summary>
/// <param name="Kind">Where.</param>
/// <param name="Name">Name of a running cluster; else null.</param>
/// <param name="Silos">Silo processes of an own cluster; else 0.</param>
internal sealed record ClusterChoice(ClusterKind Kind, string? Name, int Silos)
{
    /// <summary>Decides by the rules of the command line.</summary>
    /// <param name="cluster">Value of <c>--cluster</c>.</param>
    /// <param name="silos">Value of <c>--silos</c>.</param>
    /// <param name="isDetached">Whether the command returns while the job goes on.</param>
    /// <param name="isRunning">Whether a cluster of a name is running.</param>
    /// <exception cref="CommandException">The flags contradict each other.</exception>
    public static ClusterChoice Of(string? cluster, int? silos, bool isDetached, Func<string, bool> isRunning)
    {
        if (cluster is not null && silos is not null)
        {
            throw new CommandException(
                $"'--cluster {cluster}' and '--silos {silos}' exclude each other: a job runs on a running cluster or "
                + "on an own one; give one of them.");
        }

        if (silos == 0 && isDetached)
        {
            throw new CommandException(
                "'--detach' and '--silos 0' exclude each other: a silo inside this process ends with it; use "
                + "'--silos 1' or more.");
        }

        return (cluster, silos) switch
        {
            ({ } name, _) => new(ClusterKind.Running, name, 0),
            (_, 0) => new(ClusterKind.InProcess, null, 0),
            (_, { } count) => new(ClusterKind.Own, null, count),
            _ when isRunning(ClusterLifecycle.DefaultName) =>
                new(ClusterKind.Running, ClusterLifecycle.DefaultName, 0),
            _ => new(ClusterKind.Own, null, ClusterLifecycle.DefaultSilos),
        };
    }

    /// <summary>Connects to the cluster, or starts it.</summary>
    /// <param name="threads">Compute threads of each silo of an own one; null: cores / silos.</param>
    /// <param name="untilJob">The job or sweep whose end ends an own one; null: this process' end does.</param>
    public Task<ClusterHandle> StartAsync(int? threads, string? untilJob, CancellationToken cancellationToken) =>
        Kind switch
        {
            ClusterKind.Running => ClusterHandle.ConnectAsync(Name!, cancellationToken),
            ClusterKind.InProcess => ClusterHandle.StartInProcessAsync(threads, cancellationToken),
            _ => ClusterHandle.StartOwnAsync(Silos, threads, untilJob, cancellationToken),
        };

    /// <summary>What the user should know of a cluster that runs already, a line each.</summary>
    /// <param name="threads">Value of <c>--threads</c>; null: not given.</param>
    /// <param name="cluster">The cluster.</param>
    public IEnumerable<string> Warnings(int? threads, ClusterHandle cluster)
    {
        if (Kind == ClusterKind.Running && threads is { } wanted && wanted != cluster.Threads)
        {
            yield return $"warning: '--threads {wanted}' has no effect: the silos of cluster '{cluster.Name}' run with "
                + $"{Figures.Count(cluster.Threads, "thread")} each.";
        }

        if (Kind == ClusterKind.Running && cluster.DeadSilos is { Count: > 0 } dead)
        {
            yield return $"warning: cluster '{cluster.Name}' has lost {string.Join(", ", dead)}; the work runs on the "
                + "others. 'trainer scale' replaces dead silos.";
        }
    }
}
