using System.Collections.Immutable;

using Orleans.Concurrency;

using Trainer.Jobs;
using Trainer.Reduction;
using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>
/// One partition of a job's parameters: sums gradients in tree order, updates, hands the new weights back.
/// </summary>
/// <remarks>Key: <c>{job}/{partition}</c>, partition counted from 0.</remarks>
[Alias("trainer.parameter-server")]
public interface IParameterServerGrain : IGrainWithStringKey
{
    /// <summary>Draws or reads the partition's initial weights; the same incarnation again changes nothing.</summary>
    /// <param name="assignment">The job and which partition this is.</param>
    /// <returns>Name of the silo that it lives on.</returns>
    [Alias("initialize"), ResponseTimeout("00:05:00")]
    Task<string> InitializeAsync(PartitionAssignment assignment);

    /// <summary>
    /// Takes a worker's gradients of one step and answers, once the step is complete, with the new weights: one round
    /// trip a step.
    /// </summary>
    /// <param name="push">The worker's tree nodes, possibly none.</param>
    /// <returns>The weights after the step. A push of a step that was applied is answered, not applied.</returns>
    /// <exception cref="Errors.StaleIncarnationException">A newer incarnation of the job has taken over.</exception>
    /// <exception cref="Errors.StepTimeoutException">Others' gradients did not come in time; names them.</exception>
    [Alias("push-and-pull"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task<StepReply> PushAndPullAsync(GradientPush push);

    /// <summary>Takes another partition's part of the norm of a step's gradient, for clipping. Idempotent.</summary>
    /// <param name="norm">The part. One of a step that was applied is ignored.</param>
    /// <exception cref="Errors.StaleIncarnationException">A newer incarnation of the job has taken over.</exception>
    [Alias("share-norm"), AlwaysInterleave]
    Task ShareNormAsync(NormShare norm);

    /// <summary>The weights now. Idempotent.</summary>
    [Alias("pull"), AlwaysInterleave]
    Task<PartitionWeights> PullAsync();

    /// <summary>
    /// Takes a copy of the whole partition for a checkpoint and keeps it until the next; training can go on at once.
    /// </summary>
    /// <returns>What the copy holds, to be fetched by <see cref="ReadCaptureAsync"/>.</returns>
    [Alias("capture"), ResponseTimeout("00:05:00")]
    Task<PartitionCapture> CaptureAsync();

    /// <summary>A piece of the last capture. Idempotent.</summary>
    /// <param name="piece">Which one.</param>
    /// <exception cref="Errors.TrainerException">There is no capture of that version any more.</exception>
    [Alias("read-capture"), AlwaysInterleave]
    Task<Tensor> ReadCaptureAsync(CapturePiece piece);

    /// <summary>Remembers the weights now as the best ones. Idempotent.</summary>
    [Alias("mark-best")]
    Task MarkBestAsync();

    /// <summary>Goes back to the weights last marked. Idempotent; without a mark nothing happens.</summary>
    [Alias("restore-best")]
    Task RestoreBestAsync();

    /// <summary>
    /// Ends the wait of every push with an error, so that no worker hangs when the job fails. Idempotent.
    /// </summary>
    /// <param name="reason">One line, given to those who wait.</param>
    [Alias("abandon"), AlwaysInterleave]
    Task AbandonAsync(string reason);

    /// <summary>Ends this grain. Idempotent.</summary>
    [Alias("release")]
    Task ReleaseAsync();
}

/// <summary>Which partition of which job.</summary>
/// <param name="Incarnation">Incarnation of the job, from 1.</param>
/// <param name="Job">The resolved job.</param>
/// <param name="DataPlan">The data plan as JSON.</param>
/// <param name="Partition">This partition, from 0.</param>
/// <param name="Partitions">Partitions of the job.</param>
/// <param name="TraceParent">W3C traceparent of the job's span; null without one.</param>
/// <param name="InitialWeights">The registered file that weights start from; null: they are drawn.</param>
[GenerateSerializer, Immutable, Alias("trainer.partition-assignment")]
public sealed record PartitionAssignment(
    [property: Id(0)] int Incarnation,
    [property: Id(1)] JobSpec Job,
    [property: Id(2)] string DataPlan,
    [property: Id(3)] int Partition,
    [property: Id(4)] int Partitions,
    [property: Id(5)] string? TraceParent,
    [property: Id(6)] RegisteredFile? InitialWeights = null)
{
    /// <summary>Address of the silo that leads the job: when it has ended, the partition releases itself.</summary>
    [Id(7)] public string? Leader { get; init; }

    /// <summary>The checkpoint that the partition goes on from; null: it begins at the first step.</summary>
    [Id(8)] public RegisteredFile? Checkpoint { get; init; }
}

/// <summary>A worker's gradients of one step, this partition's slice of each.</summary>
/// <param name="Incarnation">Incarnation of the job.</param>
/// <param name="Version">
/// Version of the weights the gradients were computed with; equals the step since the start of the job.
/// </param>
/// <param name="StepInEpoch">Step within the epoch, from 0: says which logical shards are empty.</param>
/// <param name="LearningRate">Rate of the step.</param>
/// <param name="Nodes">Maximal aligned subtrees; empty when none of the worker's shards has a row in this step.</param>
/// <param name="WantsSquares">Whether the answer shall have the sums of squares of the gradient.</param>
[GenerateSerializer, Immutable, Alias("trainer.gradient-push")]
public sealed record GradientPush(
    [property: Id(0)] int Incarnation,
    [property: Id(1)] long Version,
    [property: Id(2)] int StepInEpoch,
    [property: Id(3)] float LearningRate,
    [property: Id(4)] ImmutableArray<GradientSum> Nodes,
    [property: Id(5)] bool WantsSquares = false);

/// <summary>The sum of the gradients of the rows of one node of the reduction tree.</summary>
/// <param name="Level">Level of the node; 0 is a leaf.</param>
/// <param name="Index">Index of the node in its level.</param>
/// <param name="Gradient">Sum over rows, this partition's slice, same layout as the weights.</param>
/// <param name="Loss">Sum of the losses of the rows times their weights, in nats for cross-entropy.</param>
/// <param name="RowCount">Rows summed.</param>
/// <param name="WeightSum">Sum of the weights of the rows; without weights as many as there are.</param>
[GenerateSerializer, Immutable, Alias("trainer.gradient-sum")]
public sealed record GradientSum(
    [property: Id(0)] int Level,
    [property: Id(1)] int Index,
    [property: Id(2)] Tensor Gradient,
    [property: Id(3)] double Loss,
    [property: Id(4)] int RowCount,
    [property: Id(5)] double WeightSum)
{
    /// <summary>The node of the reduction tree that this sum covers.</summary>
    public TreeNode Node => new(Level, Index);
}

/// <summary>A partition's part of the norm of a step's mean gradient, for clipping.</summary>
/// <param name="Incarnation">Incarnation of the job.</param>
/// <param name="Version">Version of the weights that the gradient was computed with.</param>
/// <param name="Partition">The partition that it comes from.</param>
/// <param name="Sums">The nodes of the tree over the blocks of the parameters that lie in the partition.</param>
[GenerateSerializer, Immutable, Alias("trainer.norm-share")]
public sealed record NormShare(
    [property: Id(0)] int Incarnation,
    [property: Id(1)] long Version,
    [property: Id(2)] int Partition,
    [property: Id(3)] ImmutableArray<NormSum> Sums);

/// <summary>The sum of the squares of the gradient below one node of the tree over the blocks.</summary>
/// <param name="Level">Level of the node; 0 is a block.</param>
/// <param name="Index">Index of the node in its level.</param>
/// <param name="Squares">The sum; NaN or infinite where the gradient is.</param>
[GenerateSerializer, Immutable, Alias("trainer.norm-sum")]
public sealed record NormSum(
    [property: Id(0)] int Level, [property: Id(1)] int Index, [property: Id(2)] double Squares);

/// <summary>The answer to a push.</summary>
/// <param name="Version">Version of the weights: one more than the push's, unless a value was NaN or infinite.</param>
/// <param name="Weights">The partition's weights.</param>
/// <param name="LossSum">Sum of the losses of the whole batch, times the rows' weights.</param>
/// <param name="RowCount">Rows of the whole batch.</param>
/// <param name="NonFinite">Null, or what was NaN or infinite; the weights are then those before the step.</param>
/// <param name="WeightSum">Sum of the row weights of the whole batch.</param>
/// <param name="Squares">
/// Sum of the squares of the mean gradient of each block of the partition; empty unless the push wanted them.
/// </param>
[GenerateSerializer, Immutable, Alias("trainer.step-reply")]
public sealed record StepReply(
    [property: Id(0)] long Version,
    [property: Id(1)] Tensor Weights,
    [property: Id(2)] double LossSum,
    [property: Id(3)] int RowCount,
    [property: Id(4)] string? NonFinite,
    [property: Id(5)] double WeightSum,
    [property: Id(6)] ImmutableArray<double> Squares)
{
    /// <summary>What was NaN or infinite in a batch that was skipped for it; else null.</summary>
    [Id(7)] public string? Skipped { get; init; }
}

/// <summary>The weights of a partition.</summary>
/// <param name="Version">Updates applied so far.</param>
/// <param name="Weights">The weights, shape [length of the partition].</param>
[GenerateSerializer, Immutable, Alias("trainer.partition-weights")]
public sealed record PartitionWeights([property: Id(0)] long Version, [property: Id(1)] Tensor Weights);

/// <summary>A copy of a partition, held by its server.</summary>
/// <param name="Version">Updates applied so far.</param>
/// <param name="Length">Parameters of the partition; 0 for one that takes no part.</param>
/// <param name="Vectors">Vectors of optimizer state.</param>
/// <param name="Counters">Counters of the optimizer.</param>
/// <param name="HasBest">Whether the best weights are a part of it.</param>
[GenerateSerializer, Immutable, Alias("trainer.partition-capture")]
public sealed record PartitionCapture(
    [property: Id(0)] long Version,
    [property: Id(1)] int Length,
    [property: Id(2)] int Vectors,
    [property: Id(3)] ImmutableArray<double> Counters,
    [property: Id(4)] bool HasBest);

/// <summary>A piece of a captured partition.</summary>
/// <param name="Version">Version of the capture.</param>
/// <param name="Vector">0: the weights; then the vectors of the optimizer; then the best weights.</param>
/// <param name="First">First element.</param>
/// <param name="Count">Elements.</param>
[GenerateSerializer, Immutable, Alias("trainer.capture-piece")]
public sealed record CapturePiece(
    [property: Id(0)] long Version,
    [property: Id(1)] int Vector,
    [property: Id(2)] int First,
    [property: Id(3)] int Count);
