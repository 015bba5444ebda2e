namespace Trainer.Sweeps;

/// <summary>Where a sweep runs, and how it is shown: flags of <c>sweep FILE</c> and <c>sweep resume</c>.</summary>
/// <param name="Overrides"><c>path=value</c> in order.</param>
/// <param name="Silos">Silo processes of an own cluster; 0: one silo inside this process; null: not given.</param>
/// <param name="Threads">Compute threads of each silo; null: cores / silos.</param>
/// <param name="Cluster">Name of a running cluster; null: not given.</param>
/// <param name="Detach">Return once the sweep is submitted.</param>
internal sealed record SweepOptions(
    IReadOnlyList<string> Overrides, int? Silos, int? Threads, string? Cluster, bool Detach);
