using Trainer.Data;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>One partition of the parameters: combines tree nodes, multiplies once by 1/n, updates (numerics A3, A4).</summary>
/// <remarks>Pure: no clock, no Orleans. The parameter-server grain and <see cref="TrainingLoop"/> both drive it.</remarks>
public sealed class PartitionServer
{
    /// <summary>A partition with freshly initialised weights.</summary>
    public PartitionServer(
        MlpArchitecture architecture, ParameterRange range, WeightInitialization initialization, ulong seed, OptimizerSettings optimizer, LogicalShards shards) =>
        throw new NotImplementedException();

    /// <summary>The weights of the partition, shape [range.Length].</summary>
    public ReadOnlyMemory<float> Weights => throw new NotImplementedException();

    /// <summary>Updates applied so far.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>Adds a node's slice to the step at hand; order of arrival does not matter, a repeated node is ignored.</summary>
    /// <param name="version">The <see cref="Version"/> of the weights that the gradient was computed with; an older one is ignored.</param>
    /// <param name="step">Step within its epoch, which says which shards are empty.</param>
    /// <param name="node">A node whose gradient is this partition's slice.</param>
    /// <returns>True when the root is complete and <see cref="Update"/> can be called.</returns>
    public bool Add(long version, int step, GradientNode node) => throw new NotImplementedException();

    /// <summary>Applies the completed root. The old weight memory is left untouched: a new array is published.</summary>
    /// <param name="learningRate">Rate of this step.</param>
    /// <returns>The loss of the batch and, when the loss or a gradient was NaN or infinite, where; the weights are then unchanged.</returns>
    public StepOutcome Update(float learningRate) => throw new NotImplementedException();

    /// <summary>Replaces the weights (initial weights, or the best epoch's restored); optimizer state stays.</summary>
    public void SetWeights(ReadOnlySpan<float> weights) => throw new NotImplementedException();
}

/// <summary>What one update did.</summary>
/// <param name="LossSum">Sum of the losses of the batch's rows.</param>
/// <param name="RowCount">Rows of the batch.</param>
/// <param name="NonFinite">Null, or what was NaN or infinite: <c>loss</c> or a tensor's name such as <c>layers.1.weight</c>.</param>
public sealed record StepOutcome(double LossSum, int RowCount, string? NonFinite);
