namespace Trainer.Clusters;

/// <summary>
/// A cluster as its starter declares it, <c>clusters/NAME/cluster.json</c>; silos end themselves when it goes or is
/// another's.
/// </summary>
/// <param name="Name">Name of the cluster.</param>
/// <param name="Id">Random: tells a cluster from an earlier one of its name.</param>
/// <param name="Silos">Silos wanted.</param>
/// <param name="Threads">Compute threads of each silo.</param>
/// <param name="Created">When it was started.</param>
/// <param name="Owner">The client whose end ends the cluster; null for one of <c>trainer up</c>.</param>
/// <param name="UntilJob">The job whose end ends the cluster; the owner then only counts until the job is there. Null:
/// none.</param>
public sealed record ClusterFile(
    string Name, string Id, int Silos, int Threads, DateTimeOffset Created, ProcessIdentity? Owner, string? UntilJob);
