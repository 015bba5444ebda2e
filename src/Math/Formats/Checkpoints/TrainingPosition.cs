using System.Collections.Immutable;

namespace Trainer.Checkpoints;

/// <summary>Where a job stands between two steps: everything but weights and optimizer state.</summary>
/// <param name="TotalSteps">
/// Steps since the start of the job, in all its trainings: the number of the checkpoint.
/// </param>
/// <param name="Steps">Steps of the training at hand; also the version of its weights.</param>
/// <param name="Epoch">Epoch at hand, from 0.</param>
/// <param name="StepInEpoch">Its next step, from 0.</param>
/// <param name="LossSum">Loss sum of its steps so far.</param>
/// <param name="WeightSum">Sum of their rows' weights.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="MetricsLines">Lines of <c>metrics.jsonl</c> that were written.</param>
public sealed record TrainingPosition(
    long TotalSteps,
    long Steps,
    int Epoch,
    int StepInEpoch,
    double LossSum,
    double WeightSum,
    long Rows,
    int MetricsLines)
{
    /// <summary>Steps whose batch was skipped.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Those of the epoch at hand.</summary>
    public int SkippedInEpoch { get; init; }

    /// <summary>The best value of early stopping's metric; null before the first.</summary>
    public double? BestValue { get; init; }

    /// <summary>Its epoch, from 1; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    /// <summary><see cref="TotalSteps"/> when the best weights were marked; 0: none are.</summary>
    public long BestStep { get; init; }

    /// <summary>Seconds in the steps of the epoch at hand.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Seconds in the steps of the epochs that count for the speed.</summary>
    public double MeasuredSeconds { get; init; }

    /// <summary>Rows of those epochs.</summary>
    public long MeasuredRows { get; init; }

    /// <summary>Wall time of the job.</summary>
    public double WallSeconds { get; init; }

    /// <summary>The fold that is tested by the training at hand, from 1; null: the training on all rows.</summary>
    public int? Fold { get; init; }

    /// <summary>The folds that have ended.</summary>
    public ImmutableArray<FoldRecord> Folds { get; init; } = [];
}

/// <summary>What a fold of a cross-validation gave.</summary>
/// <param name="Number">The fold, from 1.</param>
/// <param name="TrainRows">Rows it was trained on.</param>
/// <param name="TestRows">Rows it was tested on.</param>
/// <param name="Epochs">Epochs of its training.</param>
/// <param name="Steps">Steps of its training.</param>
/// <param name="Parts">Metrics by part, in the order of their evaluation.</param>
public sealed record FoldRecord(
    int Number, int TrainRows, int TestRows, int Epochs, long Steps, ImmutableArray<PartRecord> Parts);

/// <summary>Metrics of a part.</summary>
/// <param name="Name">train, validation or test.</param>
/// <param name="Metrics">The metrics in their order.</param>
public sealed record PartRecord(string Name, ImmutableArray<MetricRecord> Metrics);

/// <summary>A metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; finite.</param>
public sealed record MetricRecord(string Name, double Value);
