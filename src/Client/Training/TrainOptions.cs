namespace Trainer.Training;

/// <summary>The command line of <c>train</c>.</summary>
/// <param name="JobPath">The job file.</param>
/// <param name="Overrides"><c>path=value</c> in order.</param>
/// <param name="Silos">Silo processes of an own cluster; 0: one silo inside this process; null: not given.</param>
/// <param name="Threads">Compute threads of each silo; null: cores / silos.</param>
/// <param name="Cluster">Name of a running cluster; null: not given.</param>
/// <param name="Out">Run folder; null: <c>runs/NAME-NNNN</c>.</param>
/// <param name="Detach">Return once the job is submitted.</param>
/// <param name="Require"><c>METRIC=VALUE</c> in order.</param>
internal sealed record TrainOptions(
    string JobPath,
    IReadOnlyList<string> Overrides,
    int? Silos,
    int? Threads,
    string? Cluster,
    string? Out,
    bool Detach,
    IReadOnlyList<string> Require);
