using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>The view of <c>--json</c>: one JSON object a line on standard output; notes go to standard error.</summary>
internal sealed class JsonView(TextWriter output, TextWriter error) : IRunView
{
    /// <inheritdoc/>
    public void Started(RunHeader header) => output.WriteLine(JsonEvents.Started(header));

    /// <inheritdoc/>
    public void Detached(RunHeader header, string id) => Started(header);

    /// <inheritdoc/>
    public void Note(string message) => error.WriteLine(message);

    /// <inheritdoc/>
    public void Replay(RunReference run)
    {
        IEnumerable<string> lines = File.Exists(run.MetricsPath) ? File.ReadLines(run.MetricsPath) : [];
        foreach (string line in lines.Select(JsonEvents.Epoch).OfType<string>())
        {
            output.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public Task<RunOutcome> WatchAsync(Func<Task<RunOutcome>> watch) => watch();

    /// <inheritdoc/>
    public void Progress(JobProgress progress)
    {
        foreach (EpochReport report in progress.Reports)
        {
            output.WriteLine(JsonEvents.Epoch(report));
        }
    }

    /// <inheritdoc/>
    public void Finished(RunReference run, RunOutcome outcome) => output.WriteLine(JsonEvents.Finished(run, outcome));
}
