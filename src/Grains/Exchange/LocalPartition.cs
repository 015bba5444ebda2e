using Trainer.Backends;

namespace Trainer.Grains;

/// <summary>
/// All parameters beside a worker that holds all shards: steps without an exchange. The partition stays the owner of
/// weights and optimizer state.
/// </summary>
/// <param name="Steps">The partition's step, which fences what the worker does.</param>
/// <param name="Session">The worker's session joined with that of the partition.</param>
internal sealed record LocalPartition(StepAggregator Steps, ILocalSession Session);
