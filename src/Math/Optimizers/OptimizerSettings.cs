using Trainer.Models;

namespace Trainer.Optimizers;

/// <summary>Hyper-parameters of an optimizer; the learning rate comes with each step.</summary>
/// <param name="WeightDecay">L2 penalty as in PyTorch's sgd and adam, at least 0.</param>
public abstract record OptimizerSettings(double WeightDecay)
{
    // 2^-126: parameters without a gradient divide 0 by it and stay where they are.
    private const double SmallestEpsilon = 1.17549435082228751e-38;

    /// <summary>Whether the weight decay holds for biases, too, as in PyTorch.</summary>
    public bool DecayBiases { get; init; } = true;

    /// <summary>The largest L2 norm of the gradient of all parameters, above 0; null: no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Whether a batch whose loss or gradient is NaN or infinite is skipped, state and all.</summary>
    public bool SkipNonFinite { get; init; }

    /// <summary>A new optimizer with zero state for <paramref name="length"/> parameters.</summary>
    /// <param name="length">Parameters n, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter is outside its range.</exception>
    public abstract IOptimizer Create(int length);

    /// <summary>A new optimizer with zero state for a partition; with or without the biases' decay.</summary>
    /// <param name="layout">Where biases lie.</param>
    /// <param name="range">The partition; it may begin and end anywhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter is outside its range.</exception>
    public IOptimizer Create(ParameterLayout layout, ParameterRange range)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Require(
            ClipNorm is null || (ClipNorm > 0 && double.IsFinite(ClipNorm.Value)),
            nameof(ClipNorm),
            ClipNorm ?? 0,
            "null or a number above 0");
        if (DecayBiases || WeightDecay == 0)
        {
            return Create(range.Length);
        }

        OptimizerSettings sparing = this with { WeightDecay = 0 };
        return new SectionedOptimizer(
        [
            .. from tensor in layout.Tensors(range)
               select ((tensor.IsBias ? sparing : this).Create(tensor.Range.Length), tensor.Range.Length),
        ]);
    }

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
