namespace Trainer.Commands;

/// <summary>Runs a command's action: turns exceptions into one line on standard error and an exit code, Ctrl-C into cancellation.</summary>
internal static class CommandRunner
{
    /// <summary>Runs an action; <see cref="ExitCode"/> says what its result means.</summary>
    /// <param name="action">The command; its token is cancelled by the first Ctrl-C or SIGTERM.</param>
    public static Task<int> RunAsync(Func<CancellationToken, Task<int>> action) => throw new NotImplementedException();
}
