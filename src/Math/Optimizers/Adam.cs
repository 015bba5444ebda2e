using System.Runtime.CompilerServices;

using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>
/// Adam, as PyTorch's <c>Adam</c>. Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.
/// </summary>
/// <remarks>
/// Each element, in this order, every line rounded as written (numerics A6):
/// <code>
/// g = fma(decay, w, g)                               where the decay is not 0
/// m = flush(fma(1 - beta1, g, beta1 * m))
/// v = flush(fma((1 - beta2) * g, g, beta2 * v))
/// w = fma(-step, m / fma(sqrt(v), scale, epsilon), w)
/// </code>
/// with, in double and rounded once, <c>step = rate / (1 - beta1^t)</c> and <c>scale = 1 / sqrt(1 - beta2^t)</c>; the
/// powers are running products in the state. <c>flush</c> makes magnitudes below 2^-126 +0 (numerics A9). A padding
/// lane with w = g = +0 stays +0.
/// </remarks>
internal sealed class Adam(AdamSettings settings, int length) : IOptimizer
{
    private readonly float[] _first = new float[length];
    private readonly float[] _second = new float[length];
    private Coefficients _step;

    // beta1^t and beta2^t.
    private readonly double[] _powers = [1, 1];

    /// <inheritdoc/>
    public int Length => length;

    /// <inheritdoc/>
    public void Begin(float scale, float learningRate)
    {
        _powers[0] *= settings.Beta1;
        _powers[1] *= settings.Beta2;
        _step = new Coefficients(
            (float)settings.WeightDecay,
            (float)settings.Beta1,
            (float)(1 - settings.Beta1),
            (float)settings.Beta2,
            (float)(1 - settings.Beta2),
            (float)settings.Epsilon,
            (float)(1 / Math.Sqrt(1 - _powers[1])),
            -(float)(learningRate / (1 - _powers[0])),
            scale);
    }

    /// <inheritdoc/>
    public unsafe bool Update(
        int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, Span<float> updated)
    {
        ThrowHelper.RequireRange(nameof(first), first, gradient.Length, length);
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, nameof(gradient), gradient.Length);
        ThrowHelper.RequireEqualLengths(nameof(updated), updated.Length, nameof(gradient), gradient.Length);
        nint end = gradient.Length;
        bool finite = true;
        fixed (float* w = weights, g = gradient, m = _first.AsSpan(first), v = _second.AsSpan(first), target = updated)
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = Run<Lanes512>(w, g, m, v, target, i, end, ref finite);
            }

            if (LaneWidth.Has256)
            {
                i = Run<Lanes256>(w, g, m, v, target, i, end, ref finite);
            }

            if (LaneWidth.Has128)
            {
                i = Run<Lanes128>(w, g, m, v, target, i, end, ref finite);
            }

            _ = Run<Lanes1>(w, g, m, v, target, i, end, ref finite);
        }

        return finite;
    }

    /// <inheritdoc/>
    public OptimizerState Capture() => OptimizerState.Copy(_powers, _first, _second);

    /// <inheritdoc/>
    public void Restore(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CopyTo(_powers, _first, _second);
    }

    // Optimised from the first call: the first steps are many elements in few calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe nint Run<T>(
        float* weights,
        float* gradient,
        float* first,
        float* second,
        float* updated,
        nint i,
        nint end,
        ref bool finite)
        where T : struct, ILanes<T>
    {
        Coefficients step = _step;
        bool decays = step.Decay != 0f;
        T decay = T.Broadcast(step.Decay);
        T beta1 = T.Broadcast(step.Beta1);
        T rest1 = T.Broadcast(step.Rest1);
        T beta2 = T.Broadcast(step.Beta2);
        T rest2 = T.Broadcast(step.Rest2);
        T epsilon = T.Broadcast(step.Epsilon);
        T scale = T.Broadcast(step.Scale);
        T rate = T.Broadcast(step.Rate);
        T mean = T.Broadcast(step.Mean);
        for (; i + T.Count <= end; i += T.Count)
        {
            T w = T.Load(weights + i);
            T g = T.Multiply(T.Load(gradient + i), mean);
            if (decays)
            {
                g = T.MultiplyAdd(decay, w, g);
            }

            T m = FloatFunctions.FlushSubnormal(T.MultiplyAdd(rest1, g, T.Multiply(beta1, T.Load(first + i))));
            T.Store(m, first + i);
            T v = T.MultiplyAdd(T.Multiply(rest2, g), g, T.Multiply(beta2, T.Load(second + i)));
            v = FloatFunctions.FlushSubnormal(v);
            T.Store(v, second + i);
            T denominator = T.MultiplyAdd(T.Sqrt(v), scale, epsilon);
            w = T.MultiplyAdd(rate, T.Divide(m, denominator), w);
            finite &= !T.AnyNonFinite(w);
            T.Store(w, updated + i);
        }

        return i;
    }

    private readonly record struct Coefficients(
        float Decay,
        float Beta1,
        float Rest1,
        float Beta2,
        float Rest2,
        float Epsilon,
        float Scale,
        float Rate,
        float Mean);
}
