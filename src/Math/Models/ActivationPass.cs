using Trainer.Kernels;

namespace Trainer.Models;

/// <summary>The kernels of each activation.</summary>
internal static class ActivationPass
{
    /// <summary>Whether the derivative needs the pre-activation z; of the others a = f(z) is enough.</summary>
    public static bool KeepsInput(Activation activation) => activation is Activation.Gelu or Activation.Silu;

    /// <summary><c>a = f(z)</c>; a may be z.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="z">Pre-activations, shape [n].</param>
    /// <param name="a">Activations, shape [n].</param>
    public static void Forward(Activation activation, ReadOnlySpan<float> z, Span<float> a)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                ElementwiseKernels.Sigmoid(z, a);
                break;
            case Activation.Tanh:
                ElementwiseKernels.Tanh(z, a);
                break;
            case Activation.Relu:
                ElementwiseKernels.Relu(z, a);
                break;
            case Activation.LeakyRelu:
                ActivationKernels.LeakyRelu(z, a);
                break;
            case Activation.Elu:
                ActivationKernels.Elu(z, a);
                break;
            case Activation.Selu:
                ActivationKernels.Selu(z, a);
                break;
            case Activation.Gelu:
                ActivationKernels.Gelu(z, a);
                break;
            case Activation.Silu:
                ActivationKernels.Silu(z, a);
                break;
            case Activation.Softplus:
                ActivationKernels.Softplus(z, a);
                break;
            default:
                break;
        }
    }

    /// <summary><c>d *= f'(z)</c>; subnormal results become +0 (numerics A9).</summary>
    /// <param name="activation">The function.</param>
    /// <param name="source">z where <see cref="KeepsInput"/>, else a, shape [n].</param>
    /// <param name="d">Deltas, shape [n], in place.</param>
    public static void Backward(Activation activation, ReadOnlySpan<float> source, Span<float> d)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                ElementwiseKernels.SigmoidBackward(source, d);
                break;
            case Activation.Tanh:
                ElementwiseKernels.TanhBackward(source, d);
                break;
            case Activation.Relu:
                ElementwiseKernels.ReluBackward(source, d);
                break;
            case Activation.LeakyRelu:
                ActivationKernels.LeakyReluBackward(source, d);
                break;
            case Activation.Elu:
                ActivationKernels.EluBackward(source, d);
                break;
            case Activation.Selu:
                ActivationKernels.SeluBackward(source, d);
                break;
            case Activation.Gelu:
                ActivationKernels.GeluBackward(source, d);
                break;
            case Activation.Silu:
                ActivationKernels.SiluBackward(source, d);
                break;
            case Activation.Softplus:
                ActivationKernels.SoftplusBackward(source, d);
                break;
            default:
                ElementwiseKernels.FlushSubnormals(d);
                break;
        }
    }
}
