namespace Trainer.Models;

/// <summary>The activation function of the hidden layers.</summary>
public enum Activation
{
    /// <summary><c>f(z) = z</c>.</summary>
    Identity,

    /// <summary><c>f(z) = 1 / (1 + exp(-z))</c>.</summary>
    Sigmoid,

    /// <summary><c>f(z) = tanh(z)</c>.</summary>
    Tanh,

    /// <summary>ReLU: <c>f(z) = max(0, z)</c>, with derivative 0 at 0 as in PyTorch.</summary>
    Relu,
}
