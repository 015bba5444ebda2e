namespace Trainer.Jobs;

/// <summary>
/// Section <c>schedule</c>; the key <c>name</c> picks the kind. It scales the optimizer's learning rate.
/// </summary>
[GenerateSerializer, Immutable, Alias("trainer.schedule-spec")]
public abstract record ScheduleSpec
{
    /// <summary>Steps over which the rate rises in equal parts, the first one not 0; 0: none.</summary>
    [Id(0)] public long WarmupSteps { get; init; }
}

/// <summary>The same rate in every step.</summary>
[GenerateSerializer, Immutable, Alias("trainer.constant-schedule-spec")]
public sealed record ConstantScheduleSpec : ScheduleSpec;

/// <summary>Multiplies the rate by a factor every so many epochs, as PyTorch's <c>StepLR</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.step-schedule-spec")]
public sealed record StepScheduleSpec : ScheduleSpec
{
    /// <summary>Epochs between two changes, at least 1.</summary>
    [Id(0)] public int Every { get; init; } = 10;

    /// <summary>The factor, above 0.</summary>
    [Id(1)] public double Factor { get; init; } = 0.1;
}

/// <summary>Multiplies the rate by a factor after every epoch, as PyTorch's <c>ExponentialLR</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.exponential-schedule-spec")]
public sealed record ExponentialScheduleSpec : ScheduleSpec
{
    /// <summary>The factor, above 0.</summary>
    [Id(0)] public double Rate { get; init; } = 0.95;
}

/// <summary>
/// Half a cosine from the rate to a minimum over the steps of the job, as PyTorch's <c>CosineAnnealingLR</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("trainer.cosine-schedule-spec")]
public sealed record CosineScheduleSpec : ScheduleSpec
{
    /// <summary>The rate at the end, at least 0.</summary>
    [Id(0)] public double Minimum { get; init; }
}
