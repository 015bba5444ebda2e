using System.Collections.Immutable;

using Trainer.Losses;

namespace Trainer.Models;

/// <summary>
/// What a fully connected network computes; with no hidden layer it is linear, logistic or softmax regression.
/// </summary>
/// <param name="Inputs">Features that come in, at least 1.</param>
/// <param name="Hidden">Widths of the hidden layers from the input side, each at least 1; may be empty.</param>
/// <param name="Activation">Activation of every hidden layer.</param>
/// <param name="Outputs">Logits: targets of a regression, 1 for a sigmoid unit, classes for softmax.</param>
/// <param name="OutputUnit">How logits become predictions.</param>
/// <param name="Loss">The loss, from the logits.</param>
public sealed record MlpArchitecture(
    int Inputs,
    ImmutableArray<int> Hidden,
    Activation Activation,
    int Outputs,
    OutputUnit OutputUnit,
    LossFunction Loss)
{
    /// <summary>Checks that loss and output unit go together.</summary>
    /// <exception cref="ArgumentException">They do not, or a sigmoid unit has several outputs.</exception>
    internal void RequireLoss()
    {
        LossFunction fitting = OutputUnit switch
        {
            OutputUnit.Sigmoid => LossFunction.BinaryCrossEntropy,
            OutputUnit.Softmax => LossFunction.CrossEntropy,
            _ => LossFunction.MeanSquaredError,
        };
        if (Loss != fitting && (OutputUnit, Loss) is not (OutputUnit.Sigmoid, LossFunction.Perceptron))
        {
            throw new ArgumentException(
                $"Loss '{Loss}' does not go with a {OutputUnit} output unit; use '{fitting}'.", nameof(Loss));
        }

        if (OutputUnit == OutputUnit.Sigmoid && Outputs != 1)
        {
            throw new ArgumentException(
                $"'outputs' is {Outputs}; a sigmoid output unit has exactly 1.", nameof(Outputs));
        }
    }
}
