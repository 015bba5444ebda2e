using System.Collections.Immutable;

using Orleans.Concurrency;

using Trainer.Jobs;

namespace Trainer.Grains;

/// <summary>
/// The record of one run: starts workers and servers, grants steps, evaluates, stops early, writes the run folder.
/// </summary>
/// <remarks>Key: the job's id, <c>NAME-NNNN</c>.</remarks>
[Alias("trainer.training-job")]
public interface ITrainingJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts or resumes the job and returns at once; a second call with the same attempt changes nothing.
    /// </summary>
    /// <param name="submission">The job with everything the client found out about it.</param>
    /// <exception cref="Errors.TrainerException">Another attempt of the job still runs here.</exception>
    /// <exception cref="Errors.JobNotRunningException">This silo is about to stop; ask again.</exception>
    [Alias("start")]
    Task StartAsync(JobSubmission submission);

    /// <summary>Waits (at most about two seconds) for something newer than <paramref name="afterSequence"/>.</summary>
    /// <param name="afterSequence">
    /// The <see cref="JobProgress.Sequence"/> last seen; 0 for all from the beginning.
    /// </param>
    /// <returns>The state now, with the epochs that ended after that sequence number.</returns>
    /// <exception cref="Errors.JobNotRunningException">The job is not led here, or not yet.</exception>
    [Alias("watch"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<JobProgress> WatchAsync(long afterSequence);

    /// <summary>
    /// Writes a checkpoint at the next step boundary and stops; its state becomes <see cref="JobState.Cancelled"/>.
    /// Idempotent.
    /// </summary>
    /// <exception cref="Errors.JobNotRunningException">The job is not led here, or not yet.</exception>
    [Alias("cancel"), AlwaysInterleave]
    Task CancelAsync();

    /// <summary>
    /// Writes a checkpoint at the next step boundary and stops; its state becomes <see cref="JobState.Paused"/>.
    /// Idempotent.
    /// </summary>
    /// <exception cref="Errors.JobNotRunningException">The job is not led here, or not yet.</exception>
    [Alias("pause"), AlwaysInterleave]
    Task PauseAsync();
}

/// <summary>What a client hands in.</summary>
/// <param name="JobId">Id of job and run.</param>
/// <param name="Job">The resolved job.</param>
/// <param name="DataPlan">The data plan as JSON (<c>DataPlan.ToJson</c>), with registered files.</param>
/// <param name="RunFolder">Absolute path of the run folder, which exists.</param>
/// <param name="Baselines">The baselines as a JSON object, for the summary.</param>
/// <param name="SiloProcesses">
/// Number of silo processes, for the summary; 0 when the silo runs inside the client.
/// </param>
/// <param name="TraceParent">W3C traceparent of the client's job span; null without one.</param>
/// <param name="InitialWeights">The registered file of <c>model.initial_weights</c>; null without one.</param>
[GenerateSerializer, Immutable, Alias("trainer.job-submission")]
public sealed record JobSubmission(
    [property: Id(0)] string JobId,
    [property: Id(1)] JobSpec Job,
    [property: Id(2)] string DataPlan,
    [property: Id(3)] string RunFolder,
    [property: Id(4)] string Baselines,
    [property: Id(5)] int SiloProcesses,
    [property: Id(6)] string? TraceParent,
    [property: Id(7)] RegisteredFile? InitialWeights = null)
{
    /// <summary>The data plans of the folds of a cross-validation as JSON; empty without one.</summary>
    [Id(8)] public ImmutableArray<string> FoldPlans { get; init; } = [];

    /// <summary>
    /// A name for this attempt to resume the job from its last checkpoint; null: the job starts for the first time.
    /// </summary>
    [Id(9)] public string? Attempt { get; init; }

    /// <summary>
    /// The incarnation that has lost its leader and that this attempt follows; another attempt to follow it fails.
    /// Null: whichever incarnation there was.
    /// </summary>
    [Id(10)] public int? Follows { get; init; }

    /// <summary>Whether it is a part of something else, which starts it again where its leader ends.</summary>
    [Id(11)] public bool IsPart { get; init; }
}

/// <summary>State of a job.</summary>
public enum JobState
{
    /// <summary>Accepted; workers load.</summary>
    Starting,

    /// <summary>Steps run.</summary>
    Running,

    /// <summary>Ended as asked.</summary>
    Completed,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended by a NaN or an infinite value.</summary>
    Diverged,

    /// <summary>Ended by a user.</summary>
    Cancelled,

    /// <summary>Stopped by a user who means to resume it.</summary>
    Paused,
}

/// <summary>The state of a job at one moment.</summary>
/// <param name="Sequence">Grows with every change.</param>
/// <param name="State">State.</param>
/// <param name="Epoch">Epochs completed.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Step">Steps completed since the start of the job.</param>
/// <param name="Steps">Steps of the whole job.</param>
/// <param name="Reports">Epochs that ended after the sequence asked for.</param>
/// <param name="Messages">Lines for the user after the sequence asked for; a warning begins with "warning: ".</param>
/// <param name="Error">One line for the user when the state is failed or diverged.</param>
/// <param name="Summary">Content of summary.json once the job has ended; else null.</param>
[GenerateSerializer, Immutable, Alias("trainer.job-progress")]
public sealed record JobProgress(
    [property: Id(0)] long Sequence,
    [property: Id(1)] JobState State,
    [property: Id(2)] int Epoch,
    [property: Id(3)] int Epochs,
    [property: Id(4)] long Step,
    [property: Id(5)] long Steps,
    [property: Id(6)] ImmutableArray<EpochReport> Reports,
    [property: Id(7)] ImmutableArray<string> Messages,
    [property: Id(8)] string? Error,
    [property: Id(9)] string? Summary);

/// <summary>One epoch's figures.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Step">Steps since the start of the job.</param>
/// <param name="TrainLoss">Mean loss of the epoch's batches, each with the weights before its update.</param>
/// <param name="Validation">Metrics of the validation part by name in a fixed order; empty without one.</param>
/// <param name="RowsPerSecond">Training rows over the time in training steps.</param>
/// <param name="Seconds">Wall time since the job's start.</param>
[GenerateSerializer, Immutable, Alias("trainer.epoch-report")]
public sealed record EpochReport(
    [property: Id(0)] int Epoch,
    [property: Id(1)] long Step,
    [property: Id(2)] double TrainLoss,
    [property: Id(3)] ImmutableArray<MetricValue> Validation,
    [property: Id(4)] double RowsPerSecond,
    [property: Id(5)] double Seconds)
{
    /// <summary>The fold that is tested, from 1; null without folds and in the training on all rows.</summary>
    [Id(6)] public int? Fold { get; init; }

    /// <summary>Folds of the cross-validation; 0 without one.</summary>
    [Id(7)] public int Folds { get; init; }

    /// <summary>
    /// L2 norm of the mean gradient of the epoch's last step, before clipping and weight decay, one a layer.
    /// </summary>
    [Id(8)] public ImmutableArray<double> GradientNorms { get; init; } = [];

    /// <summary>Its line of <c>metrics.jsonl</c>, from 1: whoever hears of an epoch twice knows it by that.</summary>
    [Id(9)] public int Line { get; init; }
}

/// <summary>A metric by name.</summary>
/// <param name="Name">As in the summary: loss, accuracy, auc, r2, ...</param>
/// <param name="Value">Its value; finite.</param>
[GenerateSerializer, Immutable, Alias("trainer.metric-value")]
public sealed record MetricValue([property: Id(0)] string Name, [property: Id(1)] double Value);
