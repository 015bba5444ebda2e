using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>The two moments that the Adam family keeps, with the coefficients of one step.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Rest1">1 - beta1, rounded from double.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Rest2">1 - beta2, rounded from double.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Scale">1 / sqrt(1 - beta2^t).</param>
/// <param name="Rate">Minus the rate of the first moment.</param>
internal readonly record struct Moments(
    float Beta1, float Rest1, float Beta2, float Rest2, float Epsilon, float Scale, float Rate)
{
    /// <summary>The coefficients of a step; the powers are advanced.</summary>
    /// <param name="settings">Hyper-parameters.</param>
    /// <param name="learningRate">Rate of the step.</param>
    /// <param name="power1">Running product beta1^t.</param>
    /// <param name="power2">Running product beta2^t.</param>
    public static Moments Next(AdamSettings settings, float learningRate, ref double power1, ref double power2)
    {
        power1 *= settings.Beta1;
        power2 *= settings.Beta2;
        return Of(settings, power2, learningRate / (1 - power1));
    }

    /// <summary>The coefficients for a rate of the first moment that is known already.</summary>
    /// <param name="settings">Hyper-parameters.</param>
    /// <param name="power2">beta2^t.</param>
    /// <param name="rate">Rate of the first moment.</param>
    public static Moments Of(AdamSettings settings, double power2, double rate) => new(
        (float)settings.Beta1,
        (float)(1 - settings.Beta1),
        (float)settings.Beta2,
        (float)(1 - settings.Beta2),
        (float)settings.Epsilon,
        (float)(1 / Math.Sqrt(1 - power2)),
        -(float)rate);

    /// <summary><c>g = fma(decay, w, g)</c> where the decay is not 0.</summary>
    public static T WithDecay<T>(float decay, T w, T g)
        where T : struct, ILanes<T> => decay == 0f ? g : T.MultiplyAdd(T.Broadcast(decay), w, g);

    /// <summary><c>m = flush(fma(1 - beta1, g, beta1 * m))</c>.</summary>
    public T First<T>(T m, T g)
        where T : struct, ILanes<T> => FloatFunctions.FlushSubnormal(
            T.MultiplyAdd(T.Broadcast(Rest1), g, T.Multiply(T.Broadcast(Beta1), m)));

    /// <summary><c>v = flush(fma((1 - beta2) * g, g, beta2 * v))</c>.</summary>
    public T Second<T>(T v, T g)
        where T : struct, ILanes<T> => FloatFunctions.FlushSubnormal(
            T.MultiplyAdd(T.Multiply(T.Broadcast(Rest2), g), g, T.Multiply(T.Broadcast(Beta2), v)));

    /// <summary><c>fma(sqrt(v), scale, epsilon)</c>.</summary>
    public T Denominator<T>(T v)
        where T : struct, ILanes<T> => T.MultiplyAdd(T.Sqrt(v), T.Broadcast(Scale), T.Broadcast(Epsilon));

    /// <summary><c>w = fma(-step, m / denominator(v), w)</c>.</summary>
    public T Move<T>(T w, T m, T v)
        where T : struct, ILanes<T> => T.MultiplyAdd(T.Broadcast(Rate), T.Divide(m, Denominator(v)), w);
}
