using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>Updates parameters from a gradient, element by element.</summary>
public interface IOptimizer
{
    /// <summary>Parameters n that the optimizer was created for.</summary>
    int Length { get; }

    /// <summary>Begins a step; the parameters are then updated range by range, each once.</summary>
    /// <param name="scale">
    /// What each element of the gradient is multiplied by first, rounded once: 1/W makes the mean of a sum, 1 changes
    /// nothing.
    /// </param>
    /// <param name="learningRate">The rate of this step.</param>
    void Begin(float scale, float learningRate);

    /// <summary>
    /// Updates a range in the step that was begun. Several threads may update ranges that do not overlap.
    /// </summary>
    /// <param name="first">First parameter of the range.</param>
    /// <param name="weights">The range's parameters, shape [m]; read only, unless they are also the target.</param>
    /// <param name="gradient">Its gradient, shape [m].</param>
    /// <param name="updated">The new parameters, shape [m]; may be the same memory as the old.</param>
    /// <returns>False when a new parameter is NaN or infinite.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or the range is none of the optimizer's.</exception>
    bool Update(int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, Span<float> updated);

    /// <summary>One step of all parameters.</summary>
    /// <param name="weights">Parameters, shape [n]; read only, unless they are also the target.</param>
    /// <param name="gradient">Gradient, shape [n].</param>
    /// <param name="scale">What each element of the gradient is multiplied by first.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="updated">The new parameters, shape [n]; may be the same memory as the old.</param>
    /// <returns>False when a new parameter is NaN or infinite.</returns>
    /// <exception cref="ArgumentException">A length is not the n that the optimizer was created for.</exception>
    bool Step(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        Span<float> updated)
    {
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, "parameters of the optimizer", Length);
        ThrowHelper.RequireEqualLengths(nameof(gradient), gradient.Length, "parameters of the optimizer", Length);
        ThrowHelper.RequireEqualLengths(nameof(updated), updated.Length, "parameters of the optimizer", Length);
        Begin(scale, learningRate);
        return Update(0, weights, gradient, updated);
    }

    /// <summary>One step with the mean gradient, in place.</summary>
    /// <param name="weights">Parameters, updated in place, shape [n].</param>
    /// <param name="gradient">Mean gradient, shape [n].</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <returns>False when a new parameter is NaN or infinite.</returns>
    /// <exception cref="ArgumentException">A length is not the n that the optimizer was created for.</exception>
    bool Step(Span<float> weights, ReadOnlySpan<float> gradient, float learningRate) =>
        Step(weights, gradient, 1f, learningRate, weights);

    /// <summary>A copy of what the optimizer remembers between steps.</summary>
    OptimizerState Capture();

    /// <summary>Goes on from a captured state with the same bits.</summary>
    /// <param name="state">The state of an optimizer with the same hyper-parameters, copied.</param>
    /// <exception cref="ArgumentException">It is that of another kind of optimizer, or of another n.</exception>
    void Restore(OptimizerState state);
}
