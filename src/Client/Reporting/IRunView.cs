using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>How a user sees a run: lines in a pipe, a live view in a terminal, JSON for programs.</summary>
internal interface IRunView
{
    /// <summary>What is known before the first step.</summary>
    void Started(RunHeader header);

    /// <summary>The job was submitted and goes on without this command.</summary>
    void Detached(RunHeader header, string id);

    /// <summary>Something the user should know, one line.</summary>
    void Note(string message);

    /// <summary>The epochs of a run that had ended before the view began.</summary>
    void Replay(RunReference run);

    /// <summary>Runs the watching of a job; a live view is on screen meanwhile.</summary>
    /// <param name="watch">Calls <see cref="Progress"/> as the job goes on.</param>
    Task<RunOutcome> WatchAsync(Func<Task<RunOutcome>> watch);

    /// <summary>The job has gone on.</summary>
    void Progress(JobProgress progress);

    /// <summary>The run has ended.</summary>
    void Finished(RunReference run, RunOutcome outcome);
}
