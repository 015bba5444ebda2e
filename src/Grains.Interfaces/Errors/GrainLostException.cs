namespace Trainer.Errors;

/// <summary>
/// A grain of a job is gone, or what it held: its silo ended or gave it up. The job can go on without it in a new
/// incarnation.
/// </summary>
[GenerateSerializer, Alias("trainer.grain-lost-exception")]
public sealed class GrainLostException : TrainerException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">One line that names the grain.</param>
    public GrainLostException(string message)
        : base(message)
    {
    }
}
