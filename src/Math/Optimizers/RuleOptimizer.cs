using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>An optimizer whose step is one rule for every element, with coefficients made anew for each step.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="length">Parameters n.</param>
/// <param name="next">
/// Makes the rule of a step from its learning rate and the counters, which it brings up to date; called once a step, in
/// order.
/// </param>
/// <param name="counters">Running products and the like before the first step.</param>
internal sealed class RuleOptimizer<TRule>(int length, Func<float, double[], TRule> next, params double[] counters)
    : IOptimizer
    where TRule : struct, IUpdateRule
{
    private readonly float[] _a = new float[length];
    private readonly float[] _b = new float[TRule.States > 1 ? length : 0];
    private readonly float[] _c = new float[TRule.States > 2 ? length : 0];

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
        TRule rule = next(learningRate, counters);
        bool finite = true;
        fixed (float* w = weights, g = gradient, a = _a, b = _b, c = _c, target = updated)
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = Run<Lanes512>(rule, w, g, scale, a, b, c, target, i, ref finite);
            }

            if (LaneWidth.Has256)
            {
                i = Run<Lanes256>(rule, w, g, scale, a, b, c, target, i, ref finite);
            }

            if (LaneWidth.Has128)
            {
                i = Run<Lanes128>(rule, w, g, scale, a, b, c, target, i, ref finite);
            }

            _ = Run<Lanes1>(rule, w, g, scale, a, b, c, target, i, ref finite);
        }

        return finite;
    }

    /// <inheritdoc/>
    public OptimizerState Capture() => OptimizerState.Copy(counters, Vectors());

    /// <inheritdoc/>
    public void Restore(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CopyTo(counters, Vectors());
    }

    private float[][] Vectors() => [.. new[] { _a, _b, _c }.Take(TRule.States)];

    private unsafe nint Run<T>(
        TRule rule,
        float* w,
        float* g,
        float scale,
        float* a,
        float* b,
        float* c,
        float* target,
        nint i,
        ref bool finite)
        where T : struct, ILanes<T>
    {
        T factor = T.Broadcast(scale);
        T none = T.Broadcast(0f);
        for (; i + T.Count <= length; i += T.Count)
        {
            T first = T.Load(a + i);
            T second = TRule.States > 1 ? T.Load(b + i) : none;
            T third = TRule.States > 2 ? T.Load(c + i) : none;
            T mean = T.Multiply(T.Load(g + i), factor);
            T value = rule.Update(T.Load(w + i), mean, ref first, ref second, ref third);
            finite &= !T.AnyNonFinite(value);
            T.Store(value, target + i);
            T.Store(first, a + i);
            if (TRule.States > 1)
            {
                T.Store(second, b + i);
            }

            if (TRule.States > 2)
            {
                T.Store(third, c + i);
            }
        }

        return i;
    }
}
