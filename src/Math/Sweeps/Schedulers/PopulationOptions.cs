namespace Trainer.Sweeps.Schedulers;

/// <summary>Settings of <see cref="PopulationScheduler"/>.</summary>
public sealed record PopulationOptions
{
    /// <summary>Trials of a population.</summary>
    public int Population { get; init; } = 8;

    /// <summary>Epochs between two exchanges.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>The worst such part of a population takes over from the best such part; above 0, at most 0.5.</summary>
    public double Quantile { get; init; } = 0.25;

    /// <summary>Chance that a parameter is drawn anew instead of moved.</summary>
    public double Resample { get; init; } = 0.25;

    /// <summary>A parameter is moved by a factor 1 + this or 1 - this.</summary>
    public double Perturbation { get; init; } = 0.2;

    /// <summary>
    /// Keys that may change while weights are kept, as learning rates; the others are copied. Null: all of the space.
    /// </summary>
    public IReadOnlyCollection<string>? Mutable { get; init; }
}
