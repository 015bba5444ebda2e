using System.Collections.Immutable;

using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>What an optimizer remembers between steps: enough to go on with the same bits.</summary>
/// <param name="Vectors">A vector of shape [n] for each moment or average; none where nothing is remembered.</param>
/// <param name="Counters">Step counters and running products, the same for all parameters.</param>
public sealed record OptimizerState(
    ImmutableArray<ReadOnlyMemory<float>> Vectors, ImmutableArray<double> Counters)
{
    /// <summary>A copy of the state of an optimizer.</summary>
    /// <param name="counters">Its counters.</param>
    /// <param name="vectors">Its vectors.</param>
    internal static OptimizerState Copy(ReadOnlySpan<double> counters, params ReadOnlySpan<float[]> vectors)
    {
        ImmutableArray<ReadOnlyMemory<float>>.Builder copies =
            ImmutableArray.CreateBuilder<ReadOnlyMemory<float>>(vectors.Length);
        foreach (float[] vector in vectors)
        {
            copies.Add(vector.ToArray());
        }

        return new OptimizerState(copies.MoveToImmutable(), [.. counters]);
    }

    /// <summary>Copies the state into an optimizer.</summary>
    /// <param name="counters">Its counters.</param>
    /// <param name="vectors">Its vectors.</param>
    /// <exception cref="ArgumentException">The state is that of another kind of optimizer, or of another n.</exception>
    internal void CopyTo(Span<double> counters, params ReadOnlySpan<float[]> vectors)
    {
        if (Vectors.Length != vectors.Length || Counters.Length != counters.Length)
        {
            throw new ArgumentException(
                $"The state has {Vectors.Length} vectors and {Counters.Length} counters; this optimizer has "
                + $"{vectors.Length} and {counters.Length}.");
        }

        for (int i = 0; i < vectors.Length; i++)
        {
            ThrowHelper.RequireEqualLengths(
                "state", Vectors[i].Length, "parameters of the optimizer", vectors[i].Length);
            Vectors[i].Span.CopyTo(vectors[i]);
        }

        Counters.CopyTo(counters);
    }
}
