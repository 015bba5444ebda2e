namespace Trainer.Optimizers;

/// <summary>Updates a slice of the parameters from the mean gradient.</summary>
public interface IOptimizer
{
    /// <summary>One step.</summary>
    /// <param name="weights">Parameters, updated in place, shape [n].</param>
    /// <param name="gradient">Mean gradient, shape [n].</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <exception cref="ArgumentException">A length is not the n that the optimizer was created for.</exception>
    void Step(Span<float> weights, ReadOnlySpan<float> gradient, float learningRate);
}
