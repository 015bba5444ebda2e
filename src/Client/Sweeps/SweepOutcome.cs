using Trainer.Grains;

namespace Trainer.Sweeps;

/// <summary>How a sweep ended.</summary>
/// <param name="State">An end state.</param>
/// <param name="Error">One line when it failed.</param>
/// <param name="Table">Its trials.</param>
/// <param name="WallSeconds">Time it took; NaN: unknown.</param>
internal sealed record SweepOutcome(SweepState State, string? Error, SweepTable Table, double WallSeconds)
{
    /// <summary>What a command that followed the sweep returns.</summary>
    public int ExitCode => State switch
    {
        SweepState.Completed => Trainer.ExitCode.Done,
        SweepState.Cancelled => Trainer.ExitCode.Cancelled,
        _ => Trainer.ExitCode.Failed,
    };
}
