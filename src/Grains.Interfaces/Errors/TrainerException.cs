namespace Trainer.Errors;

/// <summary>
/// An error that a user can act on; its message is one line: what, its value, what is allowed, what to do.
/// </summary>
[GenerateSerializer, Alias("trainer.exception")]
public class TrainerException : Exception
{
    /// <summary>An error with its message.</summary>
    public TrainerException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its message and cause.</summary>
    public TrainerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
