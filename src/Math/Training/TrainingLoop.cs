using Trainer.Data;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>The readable single-process loop: the oracle of the distributed one, bit for bit.</summary>
public sealed class TrainingLoop
{
    /// <summary>A loop over all shards of a job.</summary>
    public TrainingLoop(
        MlpArchitecture architecture, WeightInitialization initialization, OptimizerSettings optimizer, LogicalShards shards, RowSet trainRows, ulong seed) =>
        throw new NotImplementedException();

    /// <summary>The weights, flat in panel order.</summary>
    public ReadOnlySpan<float> Weights => throw new NotImplementedException();

    /// <summary>Runs one epoch.</summary>
    /// <returns>The epoch's train loss: the steps' loss sums added in ascending order, over the rows.</returns>
    public double RunEpoch(int epoch, float learningRate) => throw new NotImplementedException();
}
