namespace Trainer.Sweeps.Samplers;

/// <summary>Settings of <see cref="GaussianProcessSampler"/>.</summary>
public sealed record GaussianProcessOptions
{
    /// <summary>Trials drawn at random before the model is used.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>Points drawn over the whole space as candidates; others are drawn around the best trials.</summary>
    public int Candidates { get; init; } = 400;

    /// <summary>
    /// Most trials in the model, whose cost grows with their third power: the best half and the newest.
    /// </summary>
    public int MostTrials { get; init; } = 200;

    /// <summary>Most evaluations of the likelihood in a fit.</summary>
    public int FitEvaluations { get; init; } = 25;
}
