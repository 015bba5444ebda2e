namespace Trainer.Jobs;

/// <summary>
/// One training job, as it stands in a job file and crosses the wire. The defaults here are the product's defaults.
/// </summary>
/// <remarks>
/// Compare by digest or id, never by <c>==</c>: the record holds lists. Every key of the job file has one property
/// here.
/// </remarks>
[GenerateSerializer, Immutable, Alias("trainer.job-spec")]
public sealed record JobSpec
{
    /// <summary>Version of the schema; 1.</summary>
    [Id(0)] public int Version { get; init; } = 1;

    /// <summary>
    /// Name of the job: <c>[A-Za-z0-9._-]{1,64}</c>, no leading dot. Default: the file's name without extension.
    /// </summary>
    [Id(1)] public string Name { get; init; } = "job";

    /// <summary>Seed of everything random in the job, at least 0.</summary>
    [Id(2)] public long Seed { get; init; } = 42;

    /// <summary>The data.</summary>
    [Id(3)] public DataSpec Data { get; init; } = new();

    /// <summary>How rows are split into parts.</summary>
    [Id(4)] public SplitSpec Split { get; init; } = new();

    /// <summary>Preprocessing.</summary>
    [Id(5)] public PreprocessSpec Preprocess { get; init; } = new();

    /// <summary>The network.</summary>
    [Id(6)] public ModelSpec Model { get; init; } = new();

    /// <summary>The loss; null: from the output unit (<c>auto</c>).</summary>
    [Id(7)] public LossSpec? Loss { get; init; }

    /// <summary>The optimizer.</summary>
    [Id(8)] public OptimizerSpec Optimizer { get; init; } = new AdamSpec();

    /// <summary>The learning rate's schedule.</summary>
    [Id(9)] public ScheduleSpec Schedule { get; init; } = new ConstantScheduleSpec();

    /// <summary>Epochs, batch size, order.</summary>
    [Id(10)] public TrainingSpec Training { get; init; } = new();

    /// <summary>Arithmetic: <c>fp32</c>.</summary>
    [Id(11)] public string Precision { get; init; } = "fp32";

    /// <summary>Device: <c>cpu</c>.</summary>
    [Id(12)] public string Device { get; init; } = "cpu";

    /// <summary>How the job is spread over the cluster.</summary>
    [Id(13)] public DistributedSpec Distributed { get; init; } = new();

    /// <summary>When to stop before the last epoch; null: never.</summary>
    [Id(14)] public EarlyStoppingSpec? EarlyStopping { get; init; } = new();

    /// <summary>Checkpoints.</summary>
    [Id(15)] public CheckpointSpec Checkpoint { get; init; } = new();

    /// <summary>What a NaN or infinity does: <c>fail</c> ends the job, <c>skip</c> leaves its batch out.</summary>
    [Id(16)] public string OnNonFinite { get; init; } = "fail";

    /// <summary>Traces.</summary>
    [Id(17)] public TelemetrySpec Telemetry { get; init; } = new();
}
