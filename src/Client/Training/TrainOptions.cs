namespace Trainer.Training;

/// <summary>The command line of <c>train</c>.</summary>
/// <param name="JobPath">The job file.</param>
/// <param name="Overrides"><c>path=value</c> in order.</param>
/// <param name="Placement">Where it runs.</param>
/// <param name="Out">Run folder; null: <c>runs/NAME-NNNN</c>.</param>
/// <param name="Require"><c>METRIC=VALUE</c> in order.</param>
internal sealed record TrainOptions(
    string JobPath,
    IReadOnlyList<string> Overrides,
    PlacementOptions Placement,
    string? Out,
    IReadOnlyList<string> Require);
