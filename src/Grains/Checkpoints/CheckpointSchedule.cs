using Trainer.Jobs;

namespace Trainer.Checkpoints;

/// <summary>When the next checkpoint is due.</summary>
/// <param name="spec">Section <c>checkpoint</c> of the job.</param>
/// <param name="time">The clock.</param>
internal sealed class CheckpointSchedule(CheckpointSpec spec, TimeProvider time)
{
    private long _at = time.GetTimestamp();

    /// <summary>Steps of the job at the last checkpoint.</summary>
    public long LastStep { get; private set; }

    /// <summary>A checkpoint was begun, or the job goes on from one.</summary>
    /// <param name="step">Steps of the job.</param>
    public void Began(long step) => (LastStep, _at) = (step, time.GetTimestamp());

    /// <summary>Whether one is due.</summary>
    /// <param name="step">Steps of the job.</param>
    public bool IsDue(long step) => step > LastStep
        && ((spec.EverySteps is { } steps && step / steps > LastStep / steps)
            || (spec.EverySeconds is { } seconds && time.GetElapsedTime(_at).TotalSeconds >= seconds));

    /// <summary>Most steps to run at once: a checkpoint comes at every multiple of <c>every_steps</c>.</summary>
    /// <param name="step">Steps of the job.</param>
    public long StepsUntilDue(long step) => spec.EverySteps is { } steps ? steps - (step % steps) : long.MaxValue;
}
