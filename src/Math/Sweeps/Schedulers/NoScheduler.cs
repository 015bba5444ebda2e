namespace Trainer.Sweeps.Schedulers;

/// <summary>Every trial runs to its end.</summary>
public sealed class NoScheduler : ITrialScheduler
{
    /// <inheritdoc/>
    public TrialDecision OnReport(IReadOnlyList<Trial> trials, int number) => new(number, TrialAction.Continue);

    /// <inheritdoc/>
    public IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast) => [];
}
