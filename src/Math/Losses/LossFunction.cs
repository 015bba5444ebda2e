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

    /// <summary>
    /// <c>max(0, -t z)</c> with t in {-1, +1}, whose gradient step is the perceptron rule (Rosenblatt, 1958): a row on
    /// the wrong side, or on the boundary, pulls by <c>-t x</c>. With a sigmoid output unit, which is then a threshold
    /// unit: the positive class where <c>z &gt;= 0</c>.
    /// </summary>
    Perceptron,
}
