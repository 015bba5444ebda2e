namespace Trainer.Optimizers;

/// <summary>RMSProp, epsilon outside the root as in PyTorch.</summary>
/// <param name="Alpha">Decay of the mean square, in [0, 1).</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="WeightDecay">L2 penalty.</param>
public sealed record RmsPropSettings(double Alpha, double Epsilon, double WeightDecay) : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        RequireDecayRate(nameof(Alpha), Alpha);
        RequireEpsilon(Epsilon);
        return new RuleOptimizer<RmsPropRule>(length, (rate, _) => new RmsPropRule(
            (float)WeightDecay, (float)Alpha, (float)(1 - Alpha), (float)Epsilon, -rate));
    }
}
