namespace Trainer.Sweeps;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Proposed and not yet ended.</summary>
    Running,

    /// <summary>Held by the scheduler until it is continued or stopped.</summary>
    Paused,

    /// <summary>Ran to its end; its value counts.</summary>
    Completed,

    /// <summary>Stopped early by the scheduler; its value is the last one reported.</summary>
    Pruned,

    /// <summary>Its loss became NaN or infinite: its parameters are bad ones.</summary>
    Diverged,

    /// <summary>Ended by an error that says nothing about its parameters.</summary>
    Failed,
}
