namespace Trainer.Optimizers;

/// <summary>Hyper-parameters of an optimizer; the learning rate comes with each step.</summary>
/// <param name="WeightDecay">L2 penalty as in PyTorch's sgd and adam, at least 0.</param>
public abstract record OptimizerSettings(double WeightDecay)
{
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

    private protected void RequireWeightDecay() => Require(
        WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "a number of at least 0");
}

/// <summary>Stochastic gradient descent.</summary>
/// <param name="Momentum">mu in [0, 1).</param>
/// <param name="WeightDecay">L2 penalty.</param>
public sealed record SgdSettings(double Momentum, double WeightDecay) : OptimizerSettings(WeightDecay)
{
    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "0 to below 1");
        return new Sgd((float)Momentum, (float)WeightDecay, length);
    }
}

/// <summary>Adam (Kingma and Ba, 2015), epsilon outside the root as in PyTorch.</summary>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">
/// Added to the root; at least 2^-126, so that parameters without a gradient stay where they are.
/// </param>
/// <param name="WeightDecay">L2 penalty.</param>
public sealed record AdamSettings(double Beta1, double Beta2, double Epsilon, double WeightDecay)
    : OptimizerSettings(WeightDecay)
{
    private const double SmallestEpsilon = 1.17549435082228751e-38;

    /// <inheritdoc/>
    public override IOptimizer Create(int length)
    {
        RequireWeightDecay();
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1, "0 to below 1");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "0 to below 1");
        Require(
            Epsilon >= SmallestEpsilon && double.IsFinite(Epsilon),
            nameof(Epsilon),
            Epsilon,
            "a number of at least 1.2e-38");
        return new Adam(this, length);
    }
}
