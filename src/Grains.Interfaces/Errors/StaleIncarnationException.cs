namespace Trainer.Errors;

/// <summary>A message of an incarnation of a job that a newer one has replaced; whoever sent it must stop.</summary>
[GenerateSerializer, Alias("trainer.stale-incarnation-exception")]
public sealed class StaleIncarnationException : TrainerException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">One line that names the grain and both incarnations.</param>
    public StaleIncarnationException(string message)
        : base(message)
    {
    }
}
