using System.Collections.Immutable;

using Trainer.Models;
using Trainer.Training;

namespace Trainer.Backends;

/// <summary>Some logical shards of a training on a device: their rows, and the gradients of each step.</summary>
public interface IShardSession : IDisposable
{
    /// <summary>
    /// The weights, flat in panel order; empty until they are set. Memory that was set stays as it is while gradients
    /// are computed.
    /// </summary>
    /// <exception cref="ArgumentException">The length is not that of the network's parameters.</exception>
    ReadOnlyMemory<float> Weights { get; set; }

    /// <summary>
    /// Sets a part of the weights, copied; weights that come in parts come with all of them each time.
    /// </summary>
    /// <param name="range">Where the part lies.</param>
    /// <param name="part">Its weights, shape [range.Length].</param>
    void SetWeights(ParameterRange range, ReadOnlySpan<float> part);

    /// <summary>
    /// Gradients of one step, in arrays that the caller may give away and that nobody writes to before
    /// <see cref="Recycle"/>; nor to the list itself.
    /// </summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <returns>
    /// Maximal aligned subtrees in ascending order; empty when none of the held shards has a row in this step.
    /// </returns>
    ImmutableArray<GradientNode> ComputeGradients(int epoch, int step);

    /// <summary>
    /// Says that nobody reads the result of the last call any more: the next call may use its memory again.
    /// </summary>
    void Recycle();
}
