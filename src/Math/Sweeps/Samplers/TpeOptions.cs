namespace Trainer.Sweeps.Samplers;

/// <summary>Settings of <see cref="TpeSampler"/>; the defaults are Optuna's.</summary>
public sealed record TpeOptions
{
    /// <summary>Trials drawn at random before the model is used.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>Candidates drawn from the density of good trials; the best one is taken.</summary>
    public int Candidates { get; init; } = 24;

    /// <summary>The part of trials that counts as good, of at most <see cref="MostGood"/>.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Most trials that count as good.</summary>
    public int MostGood { get; init; } = 25;

    /// <summary>Weight of the uniform prior, in trials.</summary>
    public double PriorWeight { get; init; } = 1;

    /// <summary>
    /// One density over all dimensions that are active together, not one a dimension: sees how parameters depend on
    /// each other, needs more trials.
    /// </summary>
    public bool IsMultivariate { get; init; }

    /// <summary>Running trials count as bad ones, so that trials in parallel keep away from each other.</summary>
    public bool UsesConstantLiar { get; init; } = true;
}
