using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>NAdam, as PyTorch's. Source: Dozat, "Incorporating Nesterov Momentum into Adam", 2016.</summary>
/// <remarks>
/// Each element, with g, m and v as <see cref="Adam"/>, every line rounded as written:
/// <code>
/// d = fma(sqrt(v), scale, epsilon)
/// w = fma(-now, g / d, w)
/// w = fma(-step, m / d, w)
/// </code>
/// with, in double and rounded once, <c>mu_t = beta1 (1 - 0.96^(t psi) / 2)</c>, psi = 0.004, P_t the product of mu_1
/// to mu_t, <c>now = rate (1 - mu_t) / (1 - P_t)</c> and <c>step = rate mu_(t+1) / (1 - P_t mu_t mu_(t+1))</c>. The
/// factor mu_t in the last denominator is PyTorch 1's, and kept for the sake of its trajectories; the paper has none.
/// </remarks>
internal readonly record struct NAdamRule(float Decay, float Now, Moments Moments) : IUpdateRule
{
    /// <inheritdoc/>
    public static int States => 2;

    /// <inheritdoc/>
    public T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>
    {
        T decayed = Moments.WithDecay(Decay, w, g);
        a = Moments.First(a, decayed);
        b = Moments.Second(b, decayed);
        T denominator = Moments.Denominator(b);
        T moved = T.MultiplyAdd(T.Broadcast(Now), T.Divide(decayed, denominator), w);
        return T.MultiplyAdd(T.Broadcast(Moments.Rate), T.Divide(a, denominator), moved);
    }
}
