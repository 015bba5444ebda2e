using System.Collections.Immutable;

using Trainer.Grains;

namespace Trainer.Sweeps;

/// <summary>What has changed in a sweep since the last look.</summary>
/// <param name="State">State now.</param>
/// <param name="Trials">Trials in all.</param>
/// <param name="Table">All trials now.</param>
/// <param name="Ended">Trials that ended since the last look, in the order of their numbers.</param>
/// <param name="EndedBefore">Trials that had ended before the first look: a sweep that goes on.</param>
internal sealed record SweepChange(
    SweepState State, int Trials, SweepTable Table, ImmutableArray<TrialRow> Ended, int EndedBefore);
