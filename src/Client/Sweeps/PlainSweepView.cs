using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>A pipe's view: a header, one line a trial that ends, a final block. Notes go to standard error.</summary>
internal class PlainSweepView(TextWriter output, TextWriter error) : ISweepView
{
    /// <inheritdoc/>
    public void Started(RunHeader header)
    {
        foreach (string line in header.Wrapped())
        {
            output.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Detached(RunHeader header, string id) => output.WriteLine(id);

    /// <inheritdoc/>
    public virtual void Note(string message) => error.WriteLine(message);

    /// <inheritdoc/>
    public virtual Task<SweepOutcome> WatchAsync(string metric, Func<Task<SweepOutcome>> watch) => watch();

    /// <inheritdoc/>
    public virtual void Progress(SweepChange change)
    {
        foreach (TrialRow trial in change.Ended)
        {
            output.WriteLine(TrialText.Line(trial, change.Trials));
        }
    }

    /// <inheritdoc/>
    public void Finished(SweepFolder sweep, SweepOutcome outcome)
    {
        foreach (string line in SweepFinalBlock.Lines(sweep, outcome, Directory.GetCurrentDirectory()))
        {
            output.WriteLine(line);
        }
    }
}
