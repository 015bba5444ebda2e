using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>A pipe's view: a header, one line an epoch, a final block. Notes go to standard error.</summary>
internal class PlainView(TextWriter output, TextWriter error) : IRunView
{
    private const int Width = 80;

    /// <inheritdoc/>
    public void Started(RunHeader header)
    {
        int width = header.Lines.Max(line => line.Label.Length);
        foreach ((string label, string text) in header.Lines)
        {
            string indent = label.PadRight(width) + "  ";
            foreach (string line in TextLines.Wrap(text, Width - indent.Length))
            {
                output.WriteLine(indent + line);
                indent = new string(' ', indent.Length);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>The id alone, so that <c>id=$(trainer train JOB --detach)</c> works.</remarks>
    public void Detached(RunHeader header, string id) => output.WriteLine(id);

    /// <inheritdoc/>
    public virtual void Note(string message) => error.WriteLine(message);

    /// <inheritdoc/>
    /// <remarks>A person wants to know how it ended; the epochs stand in the folder.</remarks>
    public void Replay(RunReference run)
    {
    }

    /// <inheritdoc/>
    public virtual Task<RunOutcome> WatchAsync(Func<Task<RunOutcome>> watch) => watch();

    /// <inheritdoc/>
    public virtual void Progress(JobProgress progress)
    {
        foreach (EpochReport report in progress.Reports)
        {
            output.WriteLine(EpochLine.Of(report, progress.Epochs));
        }
    }

    /// <inheritdoc/>
    public void Finished(RunReference run, RunOutcome outcome)
    {
        foreach (string line in FinalBlock.Lines(run, outcome, Directory.GetCurrentDirectory()))
        {
            output.WriteLine(line);
        }
    }
}
