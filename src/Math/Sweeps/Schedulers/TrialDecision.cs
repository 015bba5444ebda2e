using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Schedulers;

/// <summary>What becomes of a trial.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Action">What to do.</param>
/// <param name="From">With <see cref="TrialAction.Exploit"/>: the trial whose weights it takes.</param>
/// <param name="Parameters">With <see cref="TrialAction.Exploit"/>: the parameters it goes on with.</param>
public sealed record TrialDecision(
    int Number, TrialAction Action, int? From = null, ParameterSet? Parameters = null);
