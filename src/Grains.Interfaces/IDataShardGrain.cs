using System.Collections.Immutable;

using Trainer.Data;
using Trainer.Jobs;
using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>One worker of one training job: holds a shard of the data and computes gradients on it.</summary>
/// <remarks>Key: <c>{job}/{worker}</c>, worker counted from 0.</remarks>
[Alias("trainer.data-shard")]
public interface IDataShardGrain : IGrainWithStringKey
{
    /// <summary>Loads the rows of the assigned logical shards; the same assignment again changes nothing.</summary>
    /// <param name="assignment">The job, its data and this worker's logical shards.</param>
    /// <exception cref="Errors.TrainerException">
    /// The data cannot be read, or the worker holds other shards of this incarnation.
    /// </exception>
    [Alias("load"), ResponseTimeout("01:00:00")]
    Task<ShardLoaded> LoadAsync(ShardAssignment assignment);

    /// <summary>Runs this worker's part of a range of steps: compute, push, pull, repeat.</summary>
    /// <param name="steps">First step, count and incarnation of the job.</param>
    /// <returns>Sums over the range, never means: means of uneven shards cannot be averaged.</returns>
    /// <remarks>
    /// Not idempotent: the servers ignore pushes of steps that they have applied, so a repeated range has no effect
    /// on weights.
    /// </remarks>
    /// <exception cref="Errors.StaleIncarnationException">A newer incarnation of the job has taken over.</exception>
    [Alias("run-steps"), ResponseTimeout("01:00:00")]
    Task<StepSums> RunStepsAsync(StepRange steps);

    /// <summary>
    /// Evaluates this worker's share of a part: the evaluation shards with the numbers of its logical shards.
    /// </summary>
    /// <param name="request">The part, and whether to pull the weights first.</param>
    [Alias("evaluate"), ResponseTimeout("01:00:00")]
    Task<ShardEvaluation> EvaluateAsync(EvaluationRequest request);

    /// <summary>Gives the rows back and ends this grain. Idempotent.</summary>
    [Alias("release")]
    Task ReleaseAsync();
}

/// <summary>What a worker has to hold.</summary>
/// <param name="Incarnation">Incarnation of the job, from 1; a lower one than held is refused.</param>
/// <param name="Job">The resolved job.</param>
/// <param name="DataPlan">The data plan as JSON.</param>
/// <param name="FirstShard">First logical shard.</param>
/// <param name="ShardCount">Logical shards, contiguous, at least 1.</param>
/// <param name="Partitions">Parameter servers of the job.</param>
/// <param name="TraceParent">W3C traceparent of the job's span; null without one.</param>
[GenerateSerializer, Immutable, Alias("trainer.shard-assignment")]
public sealed record ShardAssignment(
    [property: Id(0)] int Incarnation,
    [property: Id(1)] JobSpec Job,
    [property: Id(2)] string DataPlan,
    [property: Id(3)] int FirstShard,
    [property: Id(4)] int ShardCount,
    [property: Id(5)] int Partitions,
    [property: Id(6)] string? TraceParent)
{
    /// <summary>Address of the silo that leads the job: when it has ended, the worker releases itself.</summary>
    [Id(7)] public string? Leader { get; init; }

    /// <summary>
    /// Logical shards of all the job's workers on the same silo: whoever reads the source first reads the rows of all
    /// of them. Empty: nobody else's.
    /// </summary>
    [Id(8)] public ImmutableArray<int> SiloShards { get; init; } = [];
}

/// <summary>What a worker holds after loading.</summary>
/// <param name="Silo">Name of the silo that it lives on.</param>
/// <param name="Rows">Training rows of its logical shards.</param>
[GenerateSerializer, Immutable, Alias("trainer.shard-loaded")]
public sealed record ShardLoaded([property: Id(0)] string Silo, [property: Id(1)] int Rows);

/// <summary>Consecutive steps of one epoch.</summary>
/// <param name="Incarnation">Incarnation of the job.</param>
/// <param name="First">
/// First step, counted from 0 since the start of the job; also the version of the weights it needs.
/// </param>
/// <param name="Count">Steps, at least 1.</param>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="FirstInEpoch">First step within the epoch, from 0.</param>
/// <param name="LearningRates">The rate of each step, shape [Count]: computed once, by the job.</param>
/// <param name="LossSum">
/// Loss sum of the epoch's steps before this range; the sum goes on in ascending order (numerics A7).
/// </param>
/// <param name="TraceParent">W3C traceparent of the epoch's span; null without one.</param>
/// <param name="WeightSum">Row weights of the epoch's steps before this range; the sum goes on like LossSum.</param>
/// <param name="EndsEpoch">Whether the last step of the range is the last of its epoch.</param>
[GenerateSerializer, Immutable, Alias("trainer.step-range")]
public sealed record StepRange(
    [property: Id(0)] int Incarnation,
    [property: Id(1)] long First,
    [property: Id(2)] int Count,
    [property: Id(3)] int Epoch,
    [property: Id(4)] int FirstInEpoch,
    [property: Id(5)] Tensor LearningRates,
    [property: Id(6)] double LossSum,
    [property: Id(7)] string? TraceParent,
    [property: Id(8)] double WeightSum,
    [property: Id(9)] bool EndsEpoch);

/// <summary>What a range of steps gave.</summary>
/// <param name="Completed">Steps completed; fewer than asked for when a value was NaN or infinite.</param>
/// <param name="LossSum">Loss sum of the epoch's steps so far, in double, steps added in ascending order.</param>
/// <param name="RowCount">Rows of the whole batches of the range.</param>
/// <param name="ComputeSeconds">Time this worker spent computing gradients.</param>
/// <param name="NonFinite">Null, or what was NaN or infinite in the step after the completed ones.</param>
/// <param name="WeightSum">Sum of the row weights of the epoch's steps so far: the divisor of the loss sum.</param>
/// <param name="GradientNorms">
/// L2 norm of the mean gradient of the epoch's last step, one a layer; empty unless the range ended the epoch.
/// </param>
[GenerateSerializer, Immutable, Alias("trainer.step-sums")]
public sealed record StepSums(
    [property: Id(0)] int Completed,
    [property: Id(1)] double LossSum,
    [property: Id(2)] long RowCount,
    [property: Id(3)] double ComputeSeconds,
    [property: Id(4)] string? NonFinite,
    [property: Id(5)] double WeightSum,
    [property: Id(6)] ImmutableArray<double> GradientNorms)
{
    /// <summary>Steps among the completed ones whose batch was skipped.</summary>
    [Id(7)] public int Skipped { get; init; }

    /// <summary>The first of them, counted from 0 since the start of the job.</summary>
    [Id(8)] public long FirstSkipped { get; init; }

    /// <summary>What was NaN or infinite in it; null without one.</summary>
    [Id(9)] public string? SkippedFor { get; init; }
}

/// <summary>An evaluation to do.</summary>
/// <param name="Incarnation">Incarnation of the job.</param>
/// <param name="Part">The part of the split.</param>
/// <param name="Pull">Pull the weights from the servers first; false: those of the last step.</param>
/// <param name="TraceParent">W3C traceparent; null without one.</param>
[GenerateSerializer, Immutable, Alias("trainer.evaluation-request")]
public sealed record EvaluationRequest(
    [property: Id(0)] int Incarnation,
    [property: Id(1)] DataPart Part,
    [property: Id(2)] bool Pull,
    [property: Id(3)] string? TraceParent);

/// <summary>A worker's share of an evaluation.</summary>
/// <param name="Shards">The sums of each evaluation shard that has rows.</param>
[GenerateSerializer, Immutable, Alias("trainer.shard-evaluation")]
public sealed record ShardEvaluation([property: Id(0)] ImmutableArray<ShardSums> Shards);

/// <summary>The sums of one evaluation shard; the fields are those of <see cref="Metrics.EvaluationSums"/>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.shard-sums")]
public sealed record ShardSums(
    [property: Id(0)] int Shard,
    [property: Id(1)] long RowCount,
    [property: Id(2)] double LossSum,
    [property: Id(3)] long Correct,
    [property: Id(4)] ImmutableArray<double> TargetMean,
    [property: Id(5)] ImmutableArray<double> TargetSquares,
    [property: Id(6)] ImmutableArray<double> SquaredErrors,
    [property: Id(7)] ImmutableArray<double> AbsoluteErrors,
    [property: Id(8)] Tensor PositiveScores,
    [property: Id(9)] Tensor NegativeScores,
    [property: Id(10)] ImmutableArray<long> Confusion,
    [property: Id(11)] ShardProbabilitySums? Probabilities);

/// <summary>
/// What a softmax adds to the sums of a shard; the fields are those of <see cref="Metrics.ProbabilitySums"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("trainer.shard-probability-sums")]
public sealed record ShardProbabilitySums(
    [property: Id(0)] double LogLoss,
    [property: Id(1)] double SquaredError,
    [property: Id(2)] ImmutableArray<long> TopCorrect,
    [property: Id(3)] ImmutableArray<long> BinRows,
    [property: Id(4)] ImmutableArray<long> BinCorrect,
    [property: Id(5)] ImmutableArray<double> BinConfidence);
