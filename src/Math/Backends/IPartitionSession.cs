using Trainer.Training;

namespace Trainer.Backends;

/// <summary>
/// One partition of the parameters of a training on a device, with its optimizer state: combines tree nodes, multiplies
/// once by 1/W, updates (numerics A3, A4).
/// </summary>
public interface IPartitionSession : IDisposable
{
    /// <summary>
    /// The weights of the partition, shape [range.Length]: this memory stays as it is until the next update but one.
    /// </summary>
    ReadOnlyMemory<float> Weights { get; }

    /// <summary>Updates applied so far.</summary>
    long Version { get; }

    /// <summary>The largest norm of a gradient; null: no clipping.</summary>
    double? ClipNorm { get; }

    /// <summary>
    /// Whether <see cref="Update"/> needs the norms of all partitions: to clip, or to skip a batch everywhere when the
    /// gradient of one is NaN or infinite.
    /// </summary>
    bool NeedsNorms { get; }

    /// <summary>
    /// Adds a node's slice to the step at hand; order of arrival does not matter, a repeated node is ignored.
    /// </summary>
    /// <param name="version">
    /// The <see cref="Version"/> of the weights that the gradient was computed with; an older one is ignored.
    /// </param>
    /// <param name="step">Step within its epoch, which says which shards are empty.</param>
    /// <param name="node">
    /// A node whose gradient is this partition's slice. Its memory is read until the update, never written.
    /// </param>
    /// <returns>True when the root is complete and <see cref="Update"/> can be called.</returns>
    /// <exception cref="ArgumentException">
    /// The node does not belong to the step, or has another length or number of rows.
    /// </exception>
    bool Add(long version, int step, GradientNode node);

    /// <summary>
    /// This partition's part of the norm of the mean gradient, for <see cref="Update"/>; the same when asked again.
    /// </summary>
    /// <exception cref="InvalidOperationException">The root is not complete.</exception>
    NormNode[] NormNodes();

    /// <summary>
    /// The sum of squares of each block of the mean gradient, before clipping, for <see cref="GradientNorm.OfLayers"/>;
    /// to be asked for before <see cref="Update"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The root is not complete.</exception>
    double[] MeanSquares();

    /// <summary>
    /// Applies the completed root. The weights are published in other memory: what <see cref="Weights"/> gave before
    /// stays as it is until the next update but one.
    /// </summary>
    /// <param name="learningRate">Rate of this step.</param>
    /// <param name="norms">
    /// The <see cref="NormNodes"/> of all partitions, in any order, where it <see cref="NeedsNorms"/>; else nothing.
    /// </param>
    /// <returns>
    /// The loss of the batch and, when the loss or a gradient was NaN or infinite, where; the weights are then
    /// unchanged. A batch that was skipped for that changes nothing but the version.
    /// </returns>
    /// <exception cref="InvalidOperationException">The root is not complete.</exception>
    /// <exception cref="ArgumentException">The norm of a partition is missing.</exception>
    StepOutcome Update(float learningRate, params IReadOnlyList<NormNode> norms);

    /// <summary>
    /// Replaces the weights (initial weights, or the best epoch's restored); optimizer state stays. Gradients of an
    /// unfinished step are dropped: they belong to the old weights.
    /// </summary>
    /// <param name="weights">The new weights, copied.</param>
    /// <exception cref="ArgumentException">The length is not that of the partition.</exception>
    void SetWeights(ReadOnlySpan<float> weights);

    /// <summary>A copy of weights, optimizer state and version; an unfinished step is not part of it.</summary>
    PartitionState Capture();

    /// <summary>Goes on from a captured state with the same bits; an unfinished step is dropped.</summary>
    /// <param name="state">The state of a partition over the same range, copied.</param>
    /// <exception cref="ArgumentException">It is that of another range or of another optimizer.</exception>
    void Restore(PartitionState state);
}
