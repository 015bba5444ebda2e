namespace Trainer.Errors;

/// <summary>
/// Nobody leads the job here: it was never started, or it is about to go on on another silo, so ask again.
/// </summary>
[GenerateSerializer, Alias("trainer.job-not-running-exception")]
public sealed class JobNotRunningException : TrainerException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">One line that names the job.</param>
    public JobNotRunningException(string message)
        : base(message)
    {
    }
}
