namespace Trainer.Training;

/// <summary>Where a job shall run, as the command line says.</summary>
/// <param name="Silos">Silo processes of an own cluster; 0: one silo inside this process; null: not given.</param>
/// <param name="Threads">Compute threads of each silo; null: cores / silos.</param>
/// <param name="Cluster">Name of a running cluster; null: not given.</param>
/// <param name="Detach">Return once the job is submitted.</param>
internal sealed record PlacementOptions(int? Silos, int? Threads, string? Cluster, bool Detach);
