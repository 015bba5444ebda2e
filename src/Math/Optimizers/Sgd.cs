using System.Runtime.CompilerServices;

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
    private float _scale;
    private float _rate;

    /// <inheritdoc/>
    public int Length => length;

    /// <inheritdoc/>
    public void Begin(float scale, float learningRate) => (_scale, _rate) = (scale, learningRate);

    /// <inheritdoc/>
    public unsafe bool Update(
        int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, Span<float> updated)
    {
        ThrowHelper.RequireRange(nameof(first), first, gradient.Length, length);
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, nameof(gradient), gradient.Length);
        ThrowHelper.RequireEqualLengths(nameof(updated), updated.Length, nameof(gradient), gradient.Length);
        nint end = gradient.Length;
        bool finite = true;
        fixed (float* w = weights, g = gradient, b = State(first), target = updated)
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = Run<Lanes512>(w, g, b, target, i, end, ref finite);
            }

            if (LaneWidth.Has256)
            {
                i = Run<Lanes256>(w, g, b, target, i, end, ref finite);
            }

            if (LaneWidth.Has128)
            {
                i = Run<Lanes128>(w, g, b, target, i, end, ref finite);
            }

            _ = Run<Lanes1>(w, g, b, target, i, end, ref finite);
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

    private Span<float> State(int first) => _buffer.AsSpan(_buffer.Length == 0 ? 0 : first);

    // Optimised from the first call: the first steps are many elements in few calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe nint Run<T>(
        float* weights,
        float* gradient,
        float* buffer,
        float* updated,
        nint i,
        nint end,
        ref bool finite)
        where T : struct, ILanes<T>
    {
        bool decays = weightDecay != 0f;
        bool hasMomentum = momentum != 0f;
        T decay = T.Broadcast(weightDecay);
        T mu = T.Broadcast(momentum);
        T rate = T.Broadcast(-_rate);
        T mean = T.Broadcast(_scale);
        for (; i + T.Count <= end; i += T.Count)
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
