namespace Trainer.Models;

/// <summary>How logits become predictions.</summary>
public enum OutputUnit
{
    /// <summary>The logits are the predictions (regression).</summary>
    Linear,

    /// <summary>
    /// One logit; <c>p = 1 / (1 + exp(-z))</c> is the probability of the positive class. With the perceptron loss a
    /// threshold unit: p is 1 where <c>z &gt;= 0</c>, else 0.
    /// </summary>
    Sigmoid,

    /// <summary>One logit a class; the probabilities are <c>exp(z_k) / sum_j exp(z_j)</c>.</summary>
    Softmax,
}
