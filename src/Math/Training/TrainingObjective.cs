namespace Trainer.Training;

/// <summary>What training minimises beyond the loss of the network's output. Evaluation uses none of it.</summary>
public sealed record TrainingObjective
{
    /// <summary>The loss alone.</summary>
    public static TrainingObjective Plain { get; } = new();

    /// <summary>Share of the hidden units that each row drops, in [0, 1).</summary>
    public double Dropout { get; init; }
}
