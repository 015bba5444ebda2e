namespace Trainer.Jobs;

/// <summary>Who stops trials early.</summary>
public abstract record TrialSchedulerSpec;

/// <summary>Nobody.</summary>
public sealed record NoSchedulerSpec : TrialSchedulerSpec;

/// <summary>Stops who is worse than the median of the others at the same epoch.</summary>
public sealed record MedianSpec : TrialSchedulerSpec
{
    /// <summary>Trials that must have ended first.</summary>
    public int StartupTrials { get; init; } = 5;

    /// <summary>Epochs in which nobody is stopped.</summary>
    public int WarmupEpochs { get; init; } = 1;

    /// <summary>Epochs between two decisions.</summary>
    public int Interval { get; init; } = 1;
}

/// <summary>Schedulers that let the best 1/eta of each rung go on.</summary>
public abstract record HalvingSpec : TrialSchedulerSpec
{
    /// <summary>One of so many goes on.</summary>
    public int Eta { get; init; } = 3;

    /// <summary>Epochs of the first rung.</summary>
    public int MinEpochs { get; init; } = 1;
}

/// <summary>Successive halving, all trials together.</summary>
public sealed record SuccessiveHalvingSpec : HalvingSpec;

/// <summary>Asynchronous successive halving.</summary>
public sealed record AshaSpec : HalvingSpec;

/// <summary>Hyperband: brackets of successive halving with other first rungs.</summary>
public sealed record HyperbandSpec : HalvingSpec;

/// <summary>Population based training.</summary>
public sealed record PbtSpec : TrialSchedulerSpec
{
    /// <summary>Trials of a population.</summary>
    public int Population { get; init; } = 8;

    /// <summary>Epochs between two exchanges.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>Share of the population that takes over, and of which.</summary>
    public double Quantile { get; init; } = 0.25;

    /// <summary>Chance that a parameter is drawn anew.</summary>
    public double Resample { get; init; } = 0.25;

    /// <summary>Factor 1 + this or 1 - this on a parameter.</summary>
    public double Perturbation { get; init; } = 0.2;
}
