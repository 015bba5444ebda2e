using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>The Adam family, epsilon outside the root as in PyTorch.</summary>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">
/// Added to the root; at least 2^-126, so that parameters without a gradient stay where they are.
/// </param>
/// <param name="WeightDecay">L2 penalty; of AdamW decoupled.</param>
/// <param name="Variant">Member of the family.</param>
public sealed record AdamSettings(
    double Beta1, double Beta2, double Epsilon, double WeightDecay, AdamVariant Variant = AdamVariant.Adam)
    : OptimizerSettings(WeightDecay)
{
    private const double MomentumDecay = 0.004;

    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        RequireDecayRate(nameof(Beta1), Beta1);
        RequireDecayRate(nameof(Beta2), Beta2);
        RequireEpsilon(Epsilon);
        return Variant switch
        {
            AdamVariant.AmsGrad => CreateAmsGrad(length),
            AdamVariant.AdamW => CreateAdamW(length),
            AdamVariant.NAdam => CreateNAdam(length),
            _ => new Adam(this, length),
        };
    }

    private RuleOptimizer<AmsGradRule> CreateAmsGrad(int length) => new(
        length,
        (rate, powers) =>
            new AmsGradRule((float)WeightDecay, Moments.Next(this, rate, ref powers[0], ref powers[1])),
        1,
        1);

    private RuleOptimizer<AdamWRule> CreateAdamW(int length) => new(
        length,
        (rate, powers) => new AdamWRule(
            (float)(1 - (rate * WeightDecay)), Moments.Next(this, rate, ref powers[0], ref powers[1])),
        1,
        1);

    // Counters: t, the product of the momenta so far, and beta2^t.
    private RuleOptimizer<NAdamRule> CreateNAdam(int length)
    {
        double Momentum(double step) =>
            Beta1 * (1 - (0.5 * Elementary.Exp(step * MomentumDecay * Elementary.Log(0.96))));
        return new RuleOptimizer<NAdamRule>(
            length,
            (rate, counters) =>
            {
                counters[0]++;
                (double now, double next) = (Momentum(counters[0]), Momentum(counters[0] + 1));
                counters[1] *= now;
                counters[2] *= Beta2;
                double product = counters[1];
                return new NAdamRule(
                    (float)WeightDecay,
                    -(float)(rate * (1 - now) / (1 - product)),
                    Moments.Of(this, counters[2], rate * next / (1 - (product * now * next))));
            },
            0,
            1,
            1);
    }
}
