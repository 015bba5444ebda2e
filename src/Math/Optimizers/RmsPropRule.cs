using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>
/// RMSProp, epsilon outside the root as in PyTorch. Source: Tieleman and Hinton, "Neural Networks for Machine
/// Learning", lecture 6.5, 2012.
/// </summary>
/// <remarks>
/// Each element, every line rounded as written:
/// <code>
/// g = fma(decay, w, g)                               where the decay is not 0
/// v = flush(fma((1 - alpha) * g, g, alpha * v))
/// w = fma(-rate, g / (sqrt(v) + epsilon), w)
/// </code>
/// </remarks>
internal readonly record struct RmsPropRule(float Decay, float Alpha, float Rest, float Epsilon, float Rate)
    : IUpdateRule
{
    /// <inheritdoc/>
    public static int States => 1;

    /// <inheritdoc/>
    public T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>
    {
        T decayed = Moments.WithDecay(Decay, w, g);
        a = FloatFunctions.FlushSubnormal(T.MultiplyAdd(
            T.Multiply(T.Broadcast(Rest), decayed), decayed, T.Multiply(T.Broadcast(Alpha), a)));
        T denominator = T.Add(T.Sqrt(a), T.Broadcast(Epsilon));
        return T.MultiplyAdd(T.Broadcast(Rate), T.Divide(decayed, denominator), w);
    }
}
