namespace Trainer.Optimizers;

/// <summary>Updates a slice of the parameters from a gradient.</summary>
public interface IOptimizer
{
    /// <summary>One step.</summary>
    /// <param name="weights">Parameters, shape [n]; read only, unless they are also the target.</param>
    /// <param name="gradient">Gradient, shape [n].</param>
    /// <param name="scale">
    /// What each element of the gradient is multiplied by first, rounded once: 1/W makes the mean of a sum, 1 changes
    /// nothing.
    /// </param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="updated">The new parameters, shape [n]; may be the same memory as the old.</param>
    /// <returns>False when a new parameter is NaN or infinite.</returns>
    /// <exception cref="ArgumentException">A length is not the n that the optimizer was created for.</exception>
    bool Step(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        Span<float> updated);

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
