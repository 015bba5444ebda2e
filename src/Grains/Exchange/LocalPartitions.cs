using System.Collections.Concurrent;

namespace Trainer.Grains;

/// <summary>
/// The partitions whose parameter servers live on this silo: a worker beside them calls them without a message.
/// </summary>
internal sealed class LocalPartitions
{
    private readonly ConcurrentDictionary<string, StepAggregator> _partitions = new();

    /// <summary>A server has taken its place on this silo.</summary>
    /// <param name="key">Key of the parameter-server grain.</param>
    /// <param name="steps">Its step.</param>
    public void Add(string key, StepAggregator steps) => _partitions[key] = steps;

    /// <summary>A server has left; another incarnation of it that came since stays.</summary>
    /// <param name="key">Key of the parameter-server grain.</param>
    /// <param name="steps">Its step.</param>
    public void Remove(string key, StepAggregator steps) => _partitions.TryRemove(KeyValuePair.Create(key, steps));

    /// <summary>The partition's step, or null where it lives on another silo.</summary>
    /// <param name="key">Key of the parameter-server grain.</param>
    public StepAggregator? Find(string key) => _partitions.GetValueOrDefault(key);
}
