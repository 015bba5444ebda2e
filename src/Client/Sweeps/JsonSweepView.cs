using Trainer.Grains;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>The view of <c>--json</c>: one JSON object a line on standard output; notes go to standard error.</summary>
internal sealed class JsonSweepView(TextWriter output, TextWriter error) : ISweepView
{
    /// <inheritdoc/>
    /// <remarks>Events of a sweep are its trials, and last how it ended.</remarks>
    public void Started(RunHeader header)
    {
    }

    /// <inheritdoc/>
    public void Detached(RunHeader header, string id) => output.WriteLine(JsonEvents.Started(header));

    /// <inheritdoc/>
    public void Note(string message) => error.WriteLine(message);

    /// <inheritdoc/>
    public Task<SweepOutcome> WatchAsync(string metric, Func<Task<SweepOutcome>> watch) => watch();

    /// <inheritdoc/>
    public void Progress(SweepChange change)
    {
        foreach (TrialRow trial in change.Ended)
        {
            output.WriteLine(SweepEvents.Trial(trial));
        }
    }

    /// <inheritdoc/>
    public void Finished(SweepFolder sweep, SweepOutcome outcome) =>
        output.WriteLine(SweepEvents.Finished(sweep.Reference, outcome));
}
