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

    /// <summary>Leaky ReLU: <c>f(z) = z &gt; 0 ? z : 0.01 z</c>.</summary>
    LeakyRelu,

    /// <summary>ELU with alpha 1: <c>f(z) = z &gt; 0 ? z : exp(z) - 1</c> (Clevert et al., 2015).</summary>
    Elu,

    /// <summary>
    /// SELU: <c>f(z) = s (z &gt; 0 ? z : alpha (exp(z) - 1))</c>, s = 1.0507, alpha = 1.6733 (Klambauer et al., 2017).
    /// </summary>
    Selu,

    /// <summary>
    /// GELU, the exact one: <c>f(z) = z (1 + erf(z / sqrt(2))) / 2</c> (Hendrycks and Gimpel, 2016).
    /// </summary>
    Gelu,

    /// <summary>SiLU or swish: <c>f(z) = z / (1 + exp(-z))</c> (Elfwing et al., 2017).</summary>
    Silu,

    /// <summary><c>f(z) = log(1 + exp(z))</c>.</summary>
    Softplus,
}
