using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>How a user sees a sweep: lines in a pipe, a leaderboard in a terminal, JSON for programs.</summary>
internal interface ISweepView
{
    /// <summary>What is known before the first trial.</summary>
    void Started(RunHeader header);

    /// <summary>The sweep was submitted and goes on without this command.</summary>
    void Detached(RunHeader header, string id);

    /// <summary>Something the user should know, one line.</summary>
    void Note(string message);

    /// <summary>Runs the watching of a sweep; a live view is on screen meanwhile.</summary>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="watch">Calls <see cref="Progress"/> as the sweep goes on.</param>
    Task<SweepOutcome> WatchAsync(string metric, Func<Task<SweepOutcome>> watch);

    /// <summary>The sweep has gone on.</summary>
    void Progress(SweepChange change);

    /// <summary>The sweep has ended.</summary>
    void Finished(SweepFolder sweep, SweepOutcome outcome);
}
