namespace Trainer.Models;

/// <summary>How initial weights are drawn. Biases start at 0, except under <see cref="PyTorch"/>.</summary>
public enum WeightInitialization
{
    /// <summary>Uniform in +-sqrt(6 / fan_in) (He et al., 2015); follows ReLU and what is shaped like it.</summary>
    He,

    /// <summary>
    /// Uniform in +-sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010); follows sigmoid, tanh, identity.
    /// </summary>
    Xavier,

    /// <summary>Uniform in +-sqrt(3 / fan_in) (LeCun et al., 1998); follows SELU.</summary>
    Lecun,

    /// <summary>Weights and biases uniform in +-1 / sqrt(fan_in), as PyTorch's <c>nn.Linear</c>.</summary>
    PyTorch,

    /// <summary>All zeros.</summary>
    Zeros,
}
