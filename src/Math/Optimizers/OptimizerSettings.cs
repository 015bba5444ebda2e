namespace Trainer.Optimizers;

/// <summary>Hyper-parameters of an optimizer; the learning rate comes with each step.</summary>
/// <param name="WeightDecay">L2 penalty as in PyTorch's sgd and adam, at least 0.</param>
public abstract record OptimizerSettings(double WeightDecay)
{
    /// <summary>A new optimizer with zero state for <paramref name="length"/> parameters.</summary>
    public abstract IOptimizer Create(int length);
}

/// <summary>Stochastic gradient descent.</summary>
/// <param name="Momentum">mu in [0, 1).</param>
/// <param name="WeightDecay">L2 penalty.</param>
public sealed record SgdSettings(double Momentum, double WeightDecay) : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length) => throw new NotImplementedException();
}

/// <summary>Adam (Kingma and Ba, 2015), epsilon outside the root as in PyTorch.</summary>
public sealed record AdamSettings(double Beta1, double Beta2, double Epsilon, double WeightDecay) : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length) => throw new NotImplementedException();
}

/// <summary>Updates a slice of the parameters from the mean gradient.</summary>
public interface IOptimizer
{
    /// <summary>One step.</summary>
    /// <param name="weights">Parameters, updated in place, shape [n].</param>
    /// <param name="gradient">Mean gradient, shape [n].</param>
    /// <param name="learningRate">The rate of this step.</param>
    void Step(Span<float> weights, ReadOnlySpan<float> gradient, float learningRate);
}
