using Trainer.Cluster;
using Trainer.Commands;

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
}
