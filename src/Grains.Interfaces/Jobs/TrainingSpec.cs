namespace Trainer.Jobs;

/// <summary>Section <c>training</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.training-spec")]
public sealed record TrainingSpec
{
    /// <summary>Epochs, at least 1.</summary>
    [Id(0)] public int Epochs { get; init; } = 20;

    /// <summary>Most steps of the job; null: as many as the epochs have.</summary>
    [Id(1)] public long? MaxSteps { get; init; }

    /// <summary>
    /// Rows of a global batch, at least 1; null: all rows (<c>full</c>). More than the rows: clipped with a warning.
    /// </summary>
    [Id(2)] public int? BatchSize { get; init; } = 32;

    /// <summary>Permute the rows in every epoch.</summary>
    [Id(3)] public bool Shuffle { get; init; } = true;
}

/// <summary>Section <c>distributed</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.distributed-spec")]
public sealed record DistributedSpec
{
    /// <summary><c>synchronous</c>.</summary>
    [Id(0)] public string Mode { get; init; } = "synchronous";

    /// <summary>Shard grains; null: one a silo, at most <see cref="LogicalShards"/> (<c>auto</c>).</summary>
    [Id(1)] public int? Workers { get; init; }

    /// <summary>
    /// A power of two, at most the batch size; null: the largest &lt;= batch_size/16, 1..64 (<c>auto</c>).
    /// </summary>
    [Id(2)] public int? LogicalShards { get; init; }

    /// <summary><c>none</c>.</summary>
    [Id(3)] public string Compression { get; init; } = "none";
}

/// <summary>Section <c>early_stopping</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.early-stopping-spec")]
public sealed record EarlyStoppingSpec
{
    /// <summary>A metric of the validation part, e.g. <c>validation.loss</c>.</summary>
    [Id(0)] public string Metric { get; init; } = "validation.loss";

    /// <summary>Epochs without an improvement after which training stops, at least 1.</summary>
    [Id(1)] public int Patience { get; init; } = 10;

    /// <summary>End with the weights of the best epoch.</summary>
    [Id(2)] public bool RestoreBest { get; init; } = true;
}

/// <summary>Section <c>checkpoint</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.checkpoint-spec")]
public sealed record CheckpointSpec
{
    /// <summary>Seconds between checkpoints.</summary>
    [Id(0)] public double? EverySeconds { get; init; } = 5;

    /// <summary>Steps between checkpoints.</summary>
    [Id(1)] public long? EverySteps { get; init; }

    /// <summary>How many are kept.</summary>
    [Id(2)] public int Keep { get; init; } = 3;
}

/// <summary>Section <c>telemetry</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.telemetry-spec")]
public sealed record TelemetrySpec
{
    /// <summary>Write spans to standard error (client) and the silo's log.</summary>
    [Id(0)] public bool Console { get; init; }

    /// <summary>Base URL of an OTLP receiver; null: none.</summary>
    [Id(1)] public string? Otlp { get; init; }

    /// <summary><c>sampled</c>.</summary>
    [Id(2)] public string GradientSpans { get; init; } = "sampled";
}
