namespace Trainer.Errors;

/// <summary>
/// A job file, override or command line that cannot be used (exit code 2); the message names file, line, key and
/// reason.
/// </summary>
[GenerateSerializer, Alias("trainer.configuration-exception")]
public sealed class ConfigurationException : TrainerException
{
    /// <summary>An error with its message.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }
}
