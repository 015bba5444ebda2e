namespace Trainer.Losses;

/// <summary>The loss that training minimises; all are computed from the logits.</summary>
public enum LossFunction
{
    /// <summary>Mean over the outputs of the squared error; with a linear output unit.</summary>
    MeanSquaredError,

    /// <summary>Binary cross-entropy in nats; with a sigmoid output unit.</summary>
    BinaryCrossEntropy,

    /// <summary>Cross-entropy in nats; with a softmax output unit.</summary>
    CrossEntropy,
}
