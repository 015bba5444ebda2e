namespace Trainer.Errors;

/// <summary>Training produced a NaN or an infinite value (exit code 3); the message names step and place.</summary>
[GenerateSerializer, Alias("trainer.diverged-exception")]
public sealed class DivergedException : TrainerException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">One line that names the step and the tensor or the loss.</param>
    public DivergedException(string message)
        : base(message)
    {
    }
}
