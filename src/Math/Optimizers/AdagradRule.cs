using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>
/// Adagrad, as PyTorch's without a decay of the rate. Source: Duchi et al., "Adaptive Subgradient Methods", 2011.
/// </summary>
/// <remarks>
/// Each element, every line rounded as written:
/// <code>
/// g = fma(decay, w, g)                               where the decay is not 0
/// s = flush(fma(g, g, s))
/// w = fma(-rate, g / (sqrt(s) + epsilon), w)
/// </code>
/// </remarks>
internal readonly record struct AdagradRule(float Decay, float Epsilon, float Rate) : IUpdateRule
{
    /// <inheritdoc/>
    public static int States => 1;

    /// <inheritdoc/>
    public T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>
    {
        T decayed = Moments.WithDecay(Decay, w, g);
        a = FloatFunctions.FlushSubnormal(T.MultiplyAdd(decayed, decayed, a));
        T denominator = T.Add(T.Sqrt(a), T.Broadcast(Epsilon));
        return T.MultiplyAdd(T.Broadcast(Rate), T.Divide(decayed, denominator), w);
    }
}
