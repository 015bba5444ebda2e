using Spectre.Console;
using Spectre.Console.Rendering;

namespace Trainer.Sweeps;

/// <summary>A terminal's view: a leaderboard while the sweep runs, then the same final block as in a pipe.</summary>
internal sealed class LiveSweepView(IAnsiConsole console, TextWriter output, TextWriter error, TimeProvider time)
    : PlainSweepView(output, error)
{
    private static readonly Style Faint = new(Color.Grey);

    private LiveDisplayContext? _screen;
    private string _metric = "";
    private long _start;

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
    public override async Task<SweepOutcome> WatchAsync(string metric, Func<Task<SweepOutcome>> watch)
    {
        (_metric, _start) = (metric, time.GetTimestamp());
        return await console.Live(Text.Empty).AutoClear(true).StartAsync(async screen =>
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
    }

    /// <inheritdoc/>
    public override void Progress(SweepChange change)
    {
        if (_screen is { } screen)
        {
            IReadOnlyList<LeaderboardLine> lines = LeaderboardFrame.Lines(
                change.Table, Status(change), console.Profile.Width - 1, console.Profile.Height - 1);
            screen.UpdateTarget(new Rows(
                lines.Select(line => (IRenderable)new Text(line.Text, line.IsFaint ? Faint : Style.Plain))));
        }
    }

    private LeaderboardStatus Status(SweepChange change)
    {
        TimeSpan elapsed = time.GetElapsedTime(_start);
        int ended = change.Table.Ended - change.EndedBefore;
        bool isKnown = ended > 0 && elapsed > TimeSpan.Zero;
        return new LeaderboardStatus(
            _metric,
            change.State,
            change.Trials,
            elapsed,
            isKnown ? ended / elapsed.TotalSeconds : null,
            isKnown && change.Trials > change.Table.Ended
                ? elapsed / ended * (change.Trials - change.Table.Ended)
                : null);
    }
}
