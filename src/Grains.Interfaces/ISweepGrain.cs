using System.Collections.Immutable;

using Orleans.Concurrency;

using Trainer.Jobs;
using Trainer.Sweeps;

namespace Trainer.Grains;

/// <summary>
/// One sweep: proposes trials, keeps their durable table, runs them over the silos, stops them early.
/// </summary>
/// <remarks>
/// Key: the sweep's id, <c>NAME-NNNN</c>. The table is <c>trials.jsonl</c> in the sweep's folder; a sweep that is
/// started on a folder with a table goes on where it ended: finished trials are not run again.
/// </remarks>
[Alias("trainer.sweep")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Starts the sweep, or goes on with it, and returns at once; while it runs nothing changes.</summary>
    /// <param name="submission">The sweep with everything the client found out about it.</param>
    [Alias("start")]
    Task StartAsync(SweepSubmission submission);

    /// <summary>Waits (at most about two seconds) for something newer than <paramref name="afterSequence"/>.</summary>
    /// <param name="afterSequence">
    /// The <see cref="SweepProgress.Sequence"/> last seen; 0 for all from the beginning.
    /// </param>
    /// <returns>The state now, with the trials that changed after that sequence number.</returns>
    /// <exception cref="Errors.TrainerException">The sweep does not run on this cluster.</exception>
    [Alias("watch"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<SweepProgress> WatchAsync(long afterSequence);

    /// <summary>Starts no more trials; those that run end. The state becomes paused. Idempotent.</summary>
    [Alias("pause"), AlwaysInterleave]
    Task PauseAsync();

    /// <summary>Ends the sweep; trials that run are given up and run again when it goes on. Idempotent.</summary>
    [Alias("cancel"), AlwaysInterleave]
    Task CancelAsync();

    /// <summary>Sets how many trials there are in all; fewer than have started ends the sweep after those.</summary>
    /// <param name="trials">Trials in all.</param>
    /// <exception cref="Errors.TrainerException">The sweep does not run on this cluster.</exception>
    [Alias("extend"), AlwaysInterleave]
    Task ExtendAsync(int trials);
}

/// <summary>What a client hands in.</summary>
/// <param name="SweepId">Id of the sweep.</param>
/// <param name="Text">The sweep file with what overrides it.</param>
/// <param name="DataPlan">The data plan of the file's own job as JSON: its sources are registered.</param>
/// <param name="Folder">Absolute path of the sweep's folder, which exists.</param>
/// <param name="SiloProcesses">Number of silo processes; 0 when the silo runs inside the client.</param>
/// <param name="TraceParent">W3C traceparent of the client's span; null without one.</param>
/// <param name="Leader">Address of the silo that leads the sweep, for the others; null in a client's hands.</param>
[GenerateSerializer, Immutable, Alias("trainer.sweep-submission")]
public sealed record SweepSubmission(
    [property: Id(0)] string SweepId,
    [property: Id(1)] SweepText Text,
    [property: Id(2)] string DataPlan,
    [property: Id(3)] string Folder,
    [property: Id(4)] int SiloProcesses,
    [property: Id(5)] string? TraceParent,
    [property: Id(6)] string? Leader = null);

/// <summary>State of a sweep.</summary>
public enum SweepState
{
    /// <summary>Accepted; the table is read.</summary>
    Starting,

    /// <summary>Trials run.</summary>
    Running,

    /// <summary>No trial is started until it goes on.</summary>
    Paused,

    /// <summary>All trials have ended, or a limit or the target was reached.</summary>
    Completed,

    /// <summary>Ended by an error, too many failed trials, or no trial that completed.</summary>
    Failed,

    /// <summary>Ended by a user.</summary>
    Cancelled,
}

/// <summary>The state of a sweep at one moment.</summary>
/// <param name="Sequence">Grows with every change.</param>
/// <param name="State">State.</param>
/// <param name="Trials">Trials in all.</param>
/// <param name="Changed">Trials that changed after the sequence asked for, in the order of their numbers.</param>
/// <param name="Messages">Warnings for the user after the sequence asked for, one line each.</param>
/// <param name="Error">One line for the user when the state is failed.</param>
/// <param name="Summary">Content of summary.json once the sweep has ended; else null.</param>
[GenerateSerializer, Immutable, Alias("trainer.sweep-progress")]
public sealed record SweepProgress(
    [property: Id(0)] long Sequence,
    [property: Id(1)] SweepState State,
    [property: Id(2)] int Trials,
    [property: Id(3)] ImmutableArray<TrialRow> Changed,
    [property: Id(4)] ImmutableArray<string> Messages,
    [property: Id(5)] string? Error,
    [property: Id(6)] string? Summary);

/// <summary>One trial as users see it: a line of <c>trials.jsonl</c>.</summary>
/// <param name="Number">Counted from 0 in the order of proposals.</param>
/// <param name="State">Where the trial stands.</param>
/// <param name="Silo">Where it runs or ran; null before its start.</param>
/// <param name="Parameters">Keys of the job file with their values as YAML on one line.</param>
/// <param name="Point">Dimensions of the space with their values; a choice as its label.</param>
/// <param name="Epochs">Epochs done, of all repeats' the smallest number.</param>
/// <param name="Value">The metric, mean over the repeats; NaN while there is none.</param>
/// <param name="Values">The metric of each repeat.</param>
/// <param name="Curve">The metric after each epoch, mean over the repeats; NaN where it was not measured.</param>
/// <param name="Seconds">Time spent on the trial.</param>
/// <param name="Error">One line when it failed or diverged; names step and layer.</param>
/// <param name="From">The trial whose weights it took last (population based training); null: none.</param>
[GenerateSerializer, Immutable, Alias("trainer.trial-row")]
public sealed record TrialRow(
    [property: Id(0)] int Number,
    [property: Id(1)] TrialState State,
    [property: Id(2)] string? Silo,
    [property: Id(3)] ImmutableArray<KeyValuePair<string, string>> Parameters,
    [property: Id(4)] ImmutableArray<KeyValuePair<string, string>> Point,
    [property: Id(5)] int Epochs,
    [property: Id(6)] double Value,
    [property: Id(7)] ImmutableArray<double> Values,
    [property: Id(8)] ImmutableArray<double> Curve,
    [property: Id(9)] double Seconds,
    [property: Id(10)] string? Error,
    [property: Id(11)] int? From);
