using System.Globalization;

using Microsoft.Extensions.Logging;

namespace Trainer.Silos.Diagnostics;

/// <summary>
/// Writes one line a message to a text: time, level, category, message; a stack trace only below an error.
/// </summary>
/// <remarks>
/// Orleans warns with whole traces of what is expected when a silo is killed: the others cannot reach it.
/// </remarks>
/// <param name="text">Where to.</param>
/// <param name="closes">Whether the text is closed with this.</param>
/// <param name="time">The clock.</param>
internal sealed class TextLoggerProvider(TextWriter text, bool closes, TimeProvider time) : ILoggerProvider
{
    private readonly TextWriter _text = TextWriter.Synchronized(text);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new TextLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (closes)
        {
            _text.Dispose();
        }
    }

    private void Write(LogLevel level, string category, string message, Exception? error)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Name(level)} {category}: {message}");
        _text.WriteLine(error switch
        {
            null => line,
            _ when level >= LogLevel.Error => $"{line}{Environment.NewLine}{error}",
            _ => $"{line} ({error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")})",
        });
        _text.Flush();
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private sealed class TextLogger(TextLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, category, formatter(state, exception), exception);
    }
}
