using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>Hyper-parameters of an optimizer; the learning rate comes with each step.</summary>
/// <param name="WeightDecay">L2 penalty as in PyTorch's sgd and adam, at least 0.</param>
public abstract record OptimizerSettings(double WeightDecay)
{
    // 2^-126: parameters without a gradient divide 0 by it and stay where they are.
    private const double SmallestEpsilon = 1.17549435082228751e-38;

    /// <summary>A new optimizer with zero state for <paramref name="length"/> parameters.</summary>
    /// <param name="length">Parameters n, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter is outside its range.</exception>
    public abstract IOptimizer Create(int length);

    /// <summary>Refuses a value outside a range, NaN included.</summary>
    private protected static void Require(bool allowed, string name, double value, string range)
    {
        if (!allowed)
        {
            throw new ArgumentOutOfRangeException(name, value, $"'{name}' is {value}; allowed is {range}.");
        }
    }

    private protected static void RequireDecayRate(string name, double value) =>
        Require(value is >= 0 and < 1, name, value, "0 to below 1");

    private protected static void RequireEpsilon(double epsilon) => Require(
        epsilon >= SmallestEpsilon && double.IsFinite(epsilon), "Epsilon", epsilon, "a number of at least 1.2e-38");

    private protected void RequireWeightDecay() => Require(
        WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "a number of at least 0");
}

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

/// <summary>The members of the Adam family that differ in how the moments move the parameters.</summary>
public enum AdamVariant
{
    /// <summary>Adam (Kingma and Ba, 2015) with an L2 penalty.</summary>
    Adam,

    /// <summary>Adam with the largest second moment so far (Reddi et al., 2018).</summary>
    AmsGrad,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>Adam with Nesterov's momentum (Dozat, 2016), momentum decay 0.004.</summary>
    NAdam,
}

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

    private RuleOptimizer<AmsGradRule> CreateAmsGrad(int length)
    {
        (double power1, double power2) = (1, 1);
        return new RuleOptimizer<AmsGradRule>(
            length, rate => new AmsGradRule((float)WeightDecay, Moments.Next(this, rate, ref power1, ref power2)));
    }

    private RuleOptimizer<AdamWRule> CreateAdamW(int length)
    {
        (double power1, double power2) = (1, 1);
        return new RuleOptimizer<AdamWRule>(
            length,
            rate => new AdamWRule((float)(1 - (rate * WeightDecay)), Moments.Next(this, rate, ref power1, ref power2)));
    }

    private RuleOptimizer<NAdamRule> CreateNAdam(int length)
    {
        (long t, double product, double power2) = (0, 1, 1);
        double Momentum(long step) => Beta1 * (1 - (0.5 * Elementary.Exp(step * MomentumDecay * Elementary.Log(0.96))));
        return new RuleOptimizer<NAdamRule>(length, rate =>
        {
            t++;
            power2 *= Beta2;
            (double now, double next) = (Momentum(t), Momentum(t + 1));
            product *= now;
            return new NAdamRule(
                (float)WeightDecay,
                -(float)(rate * (1 - now) / (1 - product)),
                Moments.Of(this, power2, rate * next / (1 - (product * now * next))));
        });
    }
}

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
        return new RuleOptimizer<RmsPropRule>(length, rate => new RmsPropRule(
            (float)WeightDecay, (float)Alpha, (float)(1 - Alpha), (float)Epsilon, -rate));
    }
}

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
            length, rate => new AdagradRule((float)WeightDecay, (float)Epsilon, -rate));
    }
}

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
        return new RuleOptimizer<AdadeltaRule>(length, rate => new AdadeltaRule(
            (float)WeightDecay, (float)Rho, (float)(1 - Rho), (float)Epsilon, -rate));
    }
}
