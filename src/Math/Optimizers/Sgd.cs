using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>Stochastic gradient descent with momentum, as PyTorch's <c>SGD</c> without dampening.</summary>
/// <remarks>
/// Each element, in this order, every line rounded as written (numerics A6):
/// <code>
/// g = fma(decay, w, g)                  where the decay is not 0
/// b = flush(fma(mu, b, g))              where the momentum is not 0
/// g = b, or fma(mu, b, g)               with Nesterov's momentum
/// w = fma(-rate, g, w)
/// </code>
/// <c>flush</c> makes magnitudes below 2^-126 +0 (numerics A9). A padding lane with w = g = +0 stays +0.
/// </remarks>
internal sealed class Sgd(float momentum, float weightDecay, bool nesterov, int length) : IOptimizer
{
    private readonly float[] _buffer = momentum == 0f ? [] : new float[length];

    /// <inheritdoc/>
    public unsafe bool Step(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        Span<float> updated)
    {
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, "parameters of the optimizer", length);
        ThrowHelper.RequireEqualLengths(nameof(gradient), gradient.Length, "parameters of the optimizer", length);
        ThrowHelper.RequireEqualLengths(nameof(updated), updated.Length, "parameters of the optimizer", length);
        bool finite = true;
        fixed (float* w = weights, g = gradient, b = _buffer, target = updated)
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = Run<Lanes512>(w, g, b, target, scale, learningRate, i, ref finite);
            }

            if (LaneWidth.Has256)
            {
                i = Run<Lanes256>(w, g, b, target, scale, learningRate, i, ref finite);
            }

            if (LaneWidth.Has128)
            {
                i = Run<Lanes128>(w, g, b, target, scale, learningRate, i, ref finite);
            }

            _ = Run<Lanes1>(w, g, b, target, scale, learningRate, i, ref finite);
        }

        return finite;
    }

    /// <inheritdoc/>
    public OptimizerState Capture() =>
        momentum == 0f ? OptimizerState.Copy([]) : OptimizerState.Copy([], _buffer);

    /// <inheritdoc/>
    public void Restore(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CopyTo([], momentum == 0f ? [] : [_buffer]);
    }

    private unsafe nint Run<T>(
        float* weights,
        float* gradient,
        float* buffer,
        float* updated,
        float scale,
        float learningRate,
        nint i,
        ref bool finite)
        where T : struct, ILanes<T>
    {
        bool decays = weightDecay != 0f;
        bool hasMomentum = momentum != 0f;
        T decay = T.Broadcast(weightDecay);
        T mu = T.Broadcast(momentum);
        T rate = T.Broadcast(-learningRate);
        T mean = T.Broadcast(scale);
        for (; i + T.Count <= length; i += T.Count)
        {
            T w = T.Load(weights + i);
            T g = T.Multiply(T.Load(gradient + i), mean);
            if (decays)
            {
                g = T.MultiplyAdd(decay, w, g);
            }

            if (hasMomentum)
            {
                T b = FloatFunctions.FlushSubnormal(T.MultiplyAdd(mu, T.Load(buffer + i), g));
                T.Store(b, buffer + i);
                g = nesterov ? T.MultiplyAdd(mu, b, g) : b;
            }

            w = T.MultiplyAdd(rate, g, w);
            finite &= !T.AnyNonFinite(w);
            T.Store(w, updated + i);
        }

        return i;
    }
}
