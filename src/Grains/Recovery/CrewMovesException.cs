namespace Trainer.Recovery;

/// <summary>A job stands between two steps, saved, to go on with another crew.</summary>
/// <param name="step">Steps since the start of the job.</param>
internal sealed class CrewMovesException(long step) : Exception($"The job moves to other silos after step {step}.")
{
    /// <summary>Steps since the start of the job.</summary>
    public long Step => step;
}
