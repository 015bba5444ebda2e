using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>Adadelta, as PyTorch's. Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.</summary>
/// <remarks>
/// Each element, every line rounded as written:
/// <code>
/// g = fma(decay, w, g)                               where the decay is not 0
/// v = flush(fma((1 - rho) * g, g, rho * v))
/// d = (sqrt(u + epsilon) / sqrt(v + epsilon)) * g
/// u = flush(fma((1 - rho) * d, d, rho * u))
/// w = fma(-rate, d, w)
/// </code>
/// </remarks>
internal readonly record struct AdadeltaRule(float Decay, float Rho, float Rest, float Epsilon, float Rate)
    : IUpdateRule
{
    /// <inheritdoc/>
    public static int States => 2;

    /// <inheritdoc/>
    public T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>
    {
        T decayed = Moments.WithDecay(Decay, w, g);
        T epsilon = T.Broadcast(Epsilon);
        a = Average(a, decayed);
        T ratio = T.Divide(T.Sqrt(T.Add(b, epsilon)), T.Sqrt(T.Add(a, epsilon)));
        T delta = T.Multiply(ratio, decayed);
        b = Average(b, delta);
        return T.MultiplyAdd(T.Broadcast(Rate), delta, w);
    }

    private T Average<T>(T average, T value)
        where T : struct, ILanes<T> => FloatFunctions.FlushSubnormal(T.MultiplyAdd(
            T.Multiply(T.Broadcast(Rest), value), value, T.Multiply(T.Broadcast(Rho), average)));
}
