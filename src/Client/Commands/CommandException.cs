namespace Trainer.Commands;

/// <summary>Ends a command with one line on standard error and an exit code.</summary>
/// <param name="message">One line: what, its value, what is allowed, what to do.</param>
/// <param name="exitCode">One of <see cref="Trainer.ExitCode"/>.</param>
internal sealed class CommandException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    /// <summary>What the process returns.</summary>
    public int Code { get; } = exitCode;
}
