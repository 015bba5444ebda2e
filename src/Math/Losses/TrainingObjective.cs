using System.Collections.Immutable;

using Trainer.Models;

namespace Trainer.Losses;

/// <summary>
/// What training minimises beyond the plain loss: smoothed labels, weights, dropout. Evaluation uses none of it.
/// </summary>
/// <remarks>Compare by its values, never by <c>==</c>: the record holds a list.</remarks>
public sealed record TrainingObjective
{
    /// <summary>The loss alone.</summary>
    public static TrainingObjective Plain { get; } = new();

    /// <summary>Share of the hidden units that each row drops, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// epsilon of the cross-entropy, in [0, 1): the row's class has the target <c>1 - epsilon + epsilon/K</c>, each
    /// other one <c>epsilon/K</c>, as in PyTorch (Szegedy et al., 2016).
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Factor of the loss of the positive class, of a binary cross-entropy. It is no row weight: means do not divide
    /// by it.
    /// </summary>
    public float PositiveWeight { get; init; } = 1f;

    /// <summary>Weight of the rows of each class; empty: 1. Means divide by the sum of the rows' weights.</summary>
    public ImmutableArray<float> ClassWeights { get; init; } = [];

    /// <summary>Weight of a row.</summary>
    /// <param name="target">Its target: 0 or 1, or the class.</param>
    public float RowWeight(float target) => ClassWeights.IsEmpty ? 1f : ClassWeights[(int)target];

    /// <summary>Refuses what does not go with a network.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    internal void Require(MlpArchitecture network)
    {
        int classes = network.OutputUnit switch
        {
            OutputUnit.Sigmoid => 2,
            OutputUnit.Softmax => network.Outputs,
            _ => 0,
        };
        if (!ClassWeights.IsEmpty && ClassWeights.Length != classes)
        {
            throw new ArgumentException(
                $"There are {ClassWeights.Length} class weights, but the network has {classes} classes; set "
                + "one for each class.");
        }

        if (LabelSmoothing != 0 && network.Loss != LossFunction.CrossEntropy)
        {
            throw new ArgumentException($"Label smoothing goes with CrossEntropy; the loss is {network.Loss}.");
        }

        if (PositiveWeight != 1f && network.Loss != LossFunction.BinaryCrossEntropy)
        {
            throw new ArgumentException($"A positive weight goes with BinaryCrossEntropy; the loss is {network.Loss}.");
        }
    }
}
