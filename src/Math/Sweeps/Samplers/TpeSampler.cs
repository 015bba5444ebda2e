using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// The tree-structured Parzen estimator: kernel densities l of the good trials and g of the others; of some
/// candidates drawn from l it takes the one with the largest l/g, which has the largest expected improvement.
/// </summary>
/// <remarks>
/// Source: Bergstra, Bardenet, Bengio and Kegl, "Algorithms for hyper-parameter optimization", 2011; the joint
/// density is that of Falkner, Klein and Hutter, "BOHB", 2018; bandwidths, weights and defaults as in Optuna. Trials
/// are ranked: completed ones by value, then pruned ones, those that came further first, then diverged ones. Failed
/// ones are left out. A dimension's densities see the trials in which it was active.
/// </remarks>
public sealed class TpeSampler : Sampler
{
    private readonly Goal _goal;
    private readonly TpeOptions _options;
    private readonly int[][] _groups;

    /// <summary>An estimator over a space.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    public TpeSampler(SearchSpace space, Goal goal, ulong seed, TpeOptions? options = null)
        : base(space, seed)
    {
        _goal = goal;
        _options = options ?? new TpeOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Candidates, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.PriorWeight, nameof(options));
        _groups = _options.IsMultivariate ? Groups(Space) : [.. Space.Order.ToArray().Select(i => new[] { i })];
    }

    /// <inheritdoc/>
    private protected override ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt)
    {
        Draws draws = DrawsOf(number, attempt);
        RankedTrials ranked = RankedTrials.Of(history, number, Space, _goal, _options.UsesConstantLiar);
        if (ranked.EndedCount < _options.StartupTrials)
        {
            return DrawUniform(ref draws);
        }

        (IReadOnlyList<Trial> below, IReadOnlyList<Trial> above) = DensityRatio.Split(ranked, _options);
        double[] values = new double[Space.Dimensions.Count];
        Array.Fill(values, double.NaN);
        foreach (int[] group in _groups)
        {
            // Members of a group are active together.
            if (Space.IsActive(group[0], values))
            {
                DensityRatio.Fill(Space, group, below, above, _options, ref draws, values);
            }
        }

        return new ParameterSet(values);
    }

    /// <summary>Dimensions in groups with the same conditions, parents first.</summary>
    internal static int[][] Groups(SearchSpace space)
    {
        var groups = new List<List<int>>();
        foreach (int i in space.Order)
        {
            if (groups.Find(group => space.HaveSameConditions(group[0], i)) is { } same)
            {
                same.Add(i);
            }
            else
            {
                groups.Add([i]);
            }
        }

        return [.. groups.Select(group => group.ToArray())];
    }
}
