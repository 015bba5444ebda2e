using Trainer.Losses;

namespace Trainer.Models;

/// <summary>Activations and their derivatives in float64: the oracle of the tests, never called in training.</summary>
public static class ReferenceActivation
{
    private const double LeakySlope = 0.01;
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>f(z).</summary>
    /// <param name="activation">f.</param>
    /// <param name="z">The pre-activation.</param>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Sigmoid => ReferenceLoss.Sigmoid(z),
        Activation.Tanh => Tanh(z),
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : LeakySlope * z,
        Activation.Elu => z > 0 ? z : Exp(z) - 1,
        Activation.Selu => SeluScale * (z > 0 ? z : SeluAlpha * (Exp(z) - 1)),
        Activation.Gelu => z * Normal(z),
        Activation.Silu => z * ReferenceLoss.Sigmoid(z),
        Activation.Softplus => Math.Max(z, 0) + ReferenceLoss.LogOnePlus(Exp(-Math.Abs(z))),
        _ => z,
    };

    /// <summary>f'(z); at a kink the derivative from below, as in PyTorch.</summary>
    /// <param name="activation">f.</param>
    /// <param name="z">The pre-activation.</param>
    public static double Derivative(Activation activation, double z)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                return ReferenceLoss.Sigmoid(z) * (1 - ReferenceLoss.Sigmoid(z));
            case Activation.Tanh:
                return 1 - (Tanh(z) * Tanh(z));
            case Activation.Relu:
                return z > 0 ? 1 : 0;
            case Activation.LeakyRelu:
                return z > 0 ? 1 : LeakySlope;
            case Activation.Elu:
                return z > 0 ? 1 : Exp(z);
            case Activation.Selu:
                return SeluScale * (z > 0 ? 1 : SeluAlpha * Exp(z));
            case Activation.Gelu:
                return Normal(z) + (z * Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
            case Activation.Silu:
                return ReferenceLoss.Sigmoid(z) * (1 + (z * (1 - ReferenceLoss.Sigmoid(z))));
            case Activation.Softplus:
                return ReferenceLoss.Sigmoid(z);
            default:
                return 1;
        }
    }

    /// <summary>The error function to about 1e-15.</summary>
    /// <param name="x">Any value.</param>
    /// <remarks>
    /// <c>2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))</c>: all terms have one sign. From 6 on
    /// the result is 1. Source: Abramowitz and Stegun, 7.1.6.
    /// </remarks>
    public static double Erf(double x)
    {
        if (Math.Abs(x) >= 6)
        {
            return Math.Sign(x);
        }

        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-18; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Exp(-x * x) * sum;
    }

    private static double Normal(double z) => (1 + Erf(z / Math.Sqrt(2))) / 2;

#pragma warning disable RS0030 // The float64 reference is compared to 1e-12, and shares no polynomial with the core.
    private static double Exp(double x) => Math.Exp(x);

    private static double Tanh(double x) => Math.Tanh(x);
#pragma warning restore RS0030
}
