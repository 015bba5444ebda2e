namespace Trainer.Checkpoints;

/// <summary>Another incarnation of the job has taken the run folder over.</summary>
public sealed class ClaimLostException : Exception
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">A sentence that names both incarnations.</param>
    public ClaimLostException(string message)
        : base(message)
    {
    }
}
