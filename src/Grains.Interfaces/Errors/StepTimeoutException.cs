namespace Trainer.Errors;

/// <summary>
/// A step that did not get all its gradients in time; the message names the workers that are missing.
/// </summary>
[GenerateSerializer, Alias("trainer.step-timeout-exception")]
public sealed class StepTimeoutException : TrainerException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">One line that names step, partition and the logical shards that are missing.</param>
    public StepTimeoutException(string message)
        : base(message)
    {
    }
}
