namespace Trainer.Optimizers;

/// <summary>Adagrad, as PyTorch's.</summary>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="WeightDecay">L2 penalty.</param>
public sealed record AdagradSettings(double Epsilon, double WeightDecay) : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        RequireEpsilon(Epsilon);
        return new RuleOptimizer<AdagradRule>(
            length, (rate, _) => new AdagradRule((float)WeightDecay, (float)Epsilon, -rate));
    }
}
