using Orleans.Placement;

namespace Trainer.Placement;

/// <summary>Places the grain that leads a job where it is called, but not on a silo that is about to stop.</summary>
[GenerateSerializer, Immutable, Alias("trainer.leader-placement")]
public sealed class LeaderPlacement : PlacementStrategy;

/// <summary>Marks grains that lead jobs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LeaderPlacementAttribute() : PlacementAttribute(new LeaderPlacement());
