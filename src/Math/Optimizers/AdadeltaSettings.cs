namespace Trainer.Optimizers;

/// <summary>Adadelta, as PyTorch's.</summary>
/// <param name="Rho">Decay of both mean squares, in [0, 1).</param>
/// <param name="Epsilon">Added under both roots.</param>
/// <param name="WeightDecay">L2 penalty.</param>
public sealed record AdadeltaSettings(double Rho, double Epsilon, double WeightDecay) : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        RequireDecayRate(nameof(Rho), Rho);
        RequireEpsilon(Epsilon);
        return new RuleOptimizer<AdadeltaRule>(length, (rate, _) => new AdadeltaRule(
            (float)WeightDecay, (float)Rho, (float)(1 - Rho), (float)Epsilon, -rate));
    }
}
