using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>
/// Adam with <c>amsgrad</c>, as PyTorch's. Source: Reddi et al., "On the Convergence of Adam and Beyond", 2018.
/// </summary>
/// <remarks>
/// <see cref="Adam"/> with <c>u = v &gt; u ? v : u</c> in the place of v in the last line.
/// </remarks>
internal readonly record struct AmsGradRule(float Decay, Moments Moments) : IUpdateRule
{
    /// <inheritdoc/>
    public static int States => 3;

    /// <inheritdoc/>
    public T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>
    {
        T decayed = Moments.WithDecay(Decay, w, g);
        a = Moments.First(a, decayed);
        b = Moments.Second(b, decayed);
        c = T.Select(T.GreaterThan(b, c), b, c);
        return Moments.Move(w, a, c);
    }
}
