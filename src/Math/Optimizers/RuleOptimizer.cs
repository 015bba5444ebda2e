using System.Runtime.CompilerServices;

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
    private TRule _rule;
    private float _scale;

    /// <inheritdoc/>
    public int Length => length;

    /// <inheritdoc/>
    public void Begin(float scale, float learningRate) => (_rule, _scale) = (next(learningRate, counters), scale);

    /// <inheritdoc/>
    public unsafe bool Update(
        int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, Span<float> updated)
    {
        ThrowHelper.RequireRange(nameof(first), first, gradient.Length, length);
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, nameof(gradient), gradient.Length);
        ThrowHelper.RequireEqualLengths(nameof(updated), updated.Length, nameof(gradient), gradient.Length);
        nint end = gradient.Length;
        bool finite = true;
        fixed (float* w = weights, g = gradient, target = updated)
        fixed (float* a = _a.AsSpan(first), b = From(_b, first), c = From(_c, first))
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = Run<Lanes512>(w, g, a, b, c, target, i, end, ref finite);
            }

            if (LaneWidth.Has256)
            {
                i = Run<Lanes256>(w, g, a, b, c, target, i, end, ref finite);
            }

            if (LaneWidth.Has128)
            {
                i = Run<Lanes128>(w, g, a, b, c, target, i, end, ref finite);
            }

            _ = Run<Lanes1>(w, g, a, b, c, target, i, end, ref finite);
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

    private static Span<float> From(float[] state, int first) => state.AsSpan(state.Length == 0 ? 0 : first);

    // Optimised from the first call: the first steps are many elements in few calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe nint Run<T>(
        float* w,
        float* g,
        float* a,
        float* b,
        float* c,
        float* target,
        nint i,
        nint end,
        ref bool finite)
        where T : struct, ILanes<T>
    {
        TRule rule = _rule;
        T factor = T.Broadcast(_scale);
        T none = T.Broadcast(0f);
        for (; i + T.Count <= end; i += T.Count)
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
