using System.Runtime.InteropServices;

using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Data;
using Trainer.Errors;

namespace Trainer.Commands;

/// <summary>Runs a command's action: exceptions become one line and an exit code, Ctrl-C cancellation.</summary>
internal static class CommandRunner
{
    /// <summary>Runs an action; <see cref="ExitCode"/> says what its result means.</summary>
    /// <param name="action">The command; Ctrl-C or SIGTERM cancels its token, a second one ends the process.</param>
    /// <param name="errors">Where the line of an exception goes; null: standard error.</param>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> action, TextWriter? errors = null)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return await action(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (Exception error)
        {
            (int code, string line) = Describe(error);
            await (errors ?? Console.Error).WriteLineAsync($"trainer: {line}");
            return code;
        }

        void OnSignal(PosixSignalContext context)
        {
            // A second one ends the process here, not in the signal's own way: SIGTERM's exit code would be another.
            context.Cancel = true;
            if (stop.IsCancellationRequested)
            {
                Environment.Exit(ExitCode.Cancelled);
            }

            stop.Cancel();
        }
    }

    /// <summary>Tells the user something on standard error, without an effect on the exit code.</summary>
    public static void Warn(string message) => Console.Error.WriteLine($"trainer: warning: {message}");

    private static (int Code, string Line) Describe(Exception error) => error switch
    {
        CommandException own => (own.Code, own.Message),
        ConfigurationException or DataException => (ExitCode.Usage, error.Message),
        ClusterUnreachableException => (ExitCode.Unreachable, error.Message),
        TrainerException => (ExitCode.Failed, error.Message),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, OneLine(error.Message)),
        _ => (ExitCode.Failed, $"unexpected error: {OneLine(error.Message)} (details: {Record(error)})"),
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");

    // A stack trace helps who mends it, not who reads the terminal.
    private static string Record(Exception error)
    {
        try
        {
            TrainerHome home = TrainerHome.Current;
            string folder = Path.Combine(home.Root, "logs");
            home.Create(folder);
            string path = Path.Combine(folder, $"client-{Environment.ProcessId}.log");
            File.AppendAllText(path, $"{error}\n");
            return path;
        }
        catch (Exception unwritable)
            when (unwritable is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return OneLine(error.ToString());
        }
    }
}
