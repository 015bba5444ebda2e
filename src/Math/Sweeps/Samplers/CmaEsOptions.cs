namespace Trainer.Sweeps.Samplers;

/// <summary>Settings of <see cref="CmaEsSampler"/>.</summary>
public sealed record CmaEsOptions
{
    /// <summary>Trials of a generation; null: 4 + floor(3 ln d) of d numbers.</summary>
    public int? Population { get; init; }

    /// <summary>First standard deviation, as a part of each range.</summary>
    public double Sigma { get; init; } = 0.2;

    /// <summary>How many times larger the population is after each restart.</summary>
    public int RestartFactor { get; init; } = 2;
}
