namespace Trainer.Optimizers;

/// <summary>Stochastic gradient descent.</summary>
/// <param name="Momentum">mu in [0, 1).</param>
/// <param name="WeightDecay">L2 penalty.</param>
/// <param name="Nesterov">Looks one step of the momentum ahead; needs a momentum above 0.</param>
public sealed record SgdSettings(double Momentum, double WeightDecay, bool Nesterov = false)
    : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        RequireDecayRate(nameof(Momentum), Momentum);
        Require(!Nesterov || Momentum > 0, nameof(Momentum), Momentum, "above 0 with Nesterov's momentum");
        return new Sgd((float)Momentum, (float)WeightDecay, Nesterov, length);
    }
}
