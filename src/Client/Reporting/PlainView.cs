using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>A pipe's view: a header, one line an epoch, a final block. Notes go to standard error.</summary>
internal class PlainView(TextWriter output, TextWriter error) : IRunView
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
