using System.Collections.Immutable;

using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>A partition, or all of them, between two steps: enough to go on with the same bits.</summary>
/// <param name="Version">Updates applied so far.</param>
/// <param name="Weights">The weights, flat in panel order.</param>
/// <param name="Optimizer">The state of the optimizer.</param>
public sealed record PartitionState(long Version, ReadOnlyMemory<float> Weights, OptimizerState Optimizer)
{
    /// <summary>The part of a range of the flat vector; memory is shared.</summary>
    /// <param name="range">The range, within this state.</param>
    public PartitionState Slice(ParameterRange range) => this with
    {
        Weights = Weights.Slice(range.Offset, range.Length),
        Optimizer = Optimizer with
        {
            Vectors = [.. Optimizer.Vectors.Select(vector => vector.Slice(range.Offset, range.Length))],
        },
    };

    /// <summary>All partitions of a job as one, however many there were.</summary>
    /// <param name="parts">The partitions in order; those that hold nothing take no part.</param>
    /// <exception cref="ArgumentException">They are not all at the same version.</exception>
    public static PartitionState Join(IEnumerable<PartitionState> parts)
    {
        PartitionState[] used = [.. parts.Where(part => part.Weights.Length > 0)];
        if (used.FirstOrDefault(part => part.Version != used[0].Version) is { } other)
        {
            throw new ArgumentException(
                $"A partition is at version {other.Version}, another at {used[0].Version}; capture all between the "
                + "same two steps.",
                nameof(parts));
        }

        ImmutableArray<ReadOnlyMemory<float>> vectors =
        [
            .. used[0].Optimizer.Vectors
                .Select((_, vector) => Join(used.Select(part => part.Optimizer.Vectors[vector]))),
        ];
        return used[0] with
        {
            Weights = Join(used.Select(part => part.Weights)),
            Optimizer = used[0].Optimizer with { Vectors = vectors },
        };
    }

    private static ReadOnlyMemory<float> Join(IEnumerable<ReadOnlyMemory<float>> parts)
    {
        ReadOnlyMemory<float>[] all = [.. parts];
        float[] joined = new float[all.Sum(part => part.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<float> part in all)
        {
            part.CopyTo(joined.AsMemory(at));
            at += part.Length;
        }

        return joined;
    }
}
