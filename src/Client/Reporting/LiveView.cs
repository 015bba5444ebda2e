using Spectre.Console;
using Spectre.Console.Rendering;

using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>A terminal's view: lines that move while the job runs, then the same final block as in a pipe.</summary>
internal sealed class LiveView(IAnsiConsole console, TextWriter output, TextWriter error, TimeProvider time)
    : PlainView(output, error)
{
    private LiveDisplayContext? _screen;
    private EpochReport? _last;
    private (long Timestamp, long Step)? _first;

    /// <inheritdoc/>
    public override void Note(string message)
    {
        if (_screen is null)
        {
            base.Note(message);
        }
        else
        {
            // Through the console, which puts it above the moving lines.
            console.WriteLine(message);
        }
    }

    /// <inheritdoc/>
    public override async Task<RunOutcome> WatchAsync(Func<Task<RunOutcome>> watch) =>
        await console.Live(Text.Empty).AutoClear(true).StartAsync(async screen =>
        {
            _screen = screen;
            try
            {
                return await watch();
            }
            finally
            {
                _screen = null;
            }
        });

    /// <inheritdoc/>
    public override void Progress(JobProgress progress)
    {
        _last = progress.Reports.LastOrDefault() ?? _last;
        if (progress.State == JobState.Running)
        {
            _first ??= (time.GetTimestamp(), progress.Step);
        }

        if (_screen is { } screen)
        {
            string[] lines = LiveFrame.Lines(
                progress, _last, Remaining(progress), console.Profile.Width - 1, console.Profile.Capabilities.Unicode);
            screen.UpdateTarget(new Rows(lines.Select(line => (IRenderable)new Text(line))));
        }
    }

    private TimeSpan? Remaining(JobProgress progress) =>
        _first is { } first && progress.Step > first.Step
            ? time.GetElapsedTime(first.Timestamp) / (progress.Step - first.Step) * (progress.Steps - progress.Step)
            : null;
}
