using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>
/// AdamW, as PyTorch's <c>AdamW</c>. Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019.
/// </summary>
/// <remarks>
/// Each element, every line rounded as written:
/// <code>
/// w = w * keep
/// m = flush(fma(1 - beta1, g, beta1 * m))
/// v = flush(fma((1 - beta2) * g, g, beta2 * v))
/// w = fma(-step, m / fma(sqrt(v), scale, epsilon), w)
/// </code>
/// with, in double and rounded once, <c>keep = 1 - rate decay</c>; step and scale as <see cref="Adam"/>.
/// </remarks>
internal readonly record struct AdamWRule(float Keep, Moments Moments) : IUpdateRule
{
    /// <inheritdoc/>
    public static int States => 2;

    /// <inheritdoc/>
    public T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>
    {
        T kept = T.Multiply(w, T.Broadcast(Keep));
        a = Moments.First(a, g);
        b = Moments.Second(b, g);
        return Moments.Move(kept, a, b);
    }
}
