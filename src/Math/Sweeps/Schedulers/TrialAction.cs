namespace Trainer.Sweeps.Schedulers;

/// <summary>What a scheduler wants of a trial.</summary>
public enum TrialAction
{
    /// <summary>Go on, or go on again after a pause.</summary>
    Continue,

    /// <summary>End here: the trial is pruned.</summary>
    Stop,

    /// <summary>Keep the weights, give the workers back, and wait for another decision.</summary>
    Pause,

    /// <summary>Take the weights of another trial and go on with other parameters.</summary>
    Exploit,
}
