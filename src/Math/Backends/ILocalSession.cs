using System.Collections.Immutable;

using Trainer.Training;

namespace Trainer.Backends;

/// <summary>
/// All logical shards and all parameters of a training on one device: runs whole ranges of steps without an exchange.
/// </summary>
public interface ILocalSession
{
    /// <summary>
    /// Runs steps until the range ends, one diverges, or others should have their turn; at least one step. Afterwards
    /// the weights of the shards are those of the partition.
    /// </summary>
    /// <param name="steps">The range.</param>
    /// <param name="totals">What to go on from: the totals of the epoch's steps before.</param>
    /// <param name="goesOn">
    /// Asked between two steps, as often as the device is looked at; false ends the run. Null: all steps.
    /// </param>
    /// <returns>
    /// The totals with what was done here; after a divergence the weights are those before that step.
    /// </returns>
    StepTotals Run(LocalSteps steps, StepTotals totals, Func<bool>? goesOn = null);
}

/// <summary>Consecutive steps of one epoch.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="First">First step within the epoch, from 0.</param>
/// <param name="LearningRates">The rate of each step.</param>
/// <param name="WantsNorms">Whether the norm of each layer's gradient is wanted, that of the last step.</param>
public readonly record struct LocalSteps(
    int Epoch, int First, ReadOnlyMemory<float> LearningRates, bool WantsNorms);

/// <summary>What steps gave: sums, never means.</summary>
/// <param name="Completed">Steps completed.</param>
/// <param name="LossSum">Sum of their losses, in double, steps added in ascending order (numerics A7).</param>
/// <param name="WeightSum">Sum of the row weights: the divisor of the loss sum.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="NonFinite">
/// Null, or what was NaN or infinite in the step after the completed ones: <c>loss</c> or a tensor's name.
/// </param>
/// <param name="GradientNorms">
/// L2 norm of the mean gradient of the last step, one a layer; default where it was not wanted.
/// </param>
public readonly record struct StepTotals(
    int Completed,
    double LossSum,
    double WeightSum,
    long RowCount,
    string? NonFinite,
    ImmutableArray<double> GradientNorms)
{
    /// <summary>Completed steps whose batch was skipped for a NaN or an infinity.</summary>
    public int Skipped { get; init; }

    /// <summary>The first of them: the steps completed before it.</summary>
    public int FirstSkipped { get; init; }

    /// <summary>What was NaN or infinite in it; null without one.</summary>
    public string? SkippedFor { get; init; }

    /// <summary>The totals after one more step.</summary>
    /// <param name="outcome">What it did; it has not diverged.</param>
    /// <param name="norms">The norms of its gradient; of no use where it was skipped.</param>
    public StepTotals With(StepOutcome outcome, ImmutableArray<double> norms) => new(
        Completed + 1,
        LossSum + outcome.LossSum,
        WeightSum + outcome.WeightSum,
        RowCount + outcome.RowCount,
        NonFinite: null,
        outcome.Skipped is null ? norms : default)
    {
        Skipped = Skipped + (outcome.Skipped is null ? 0 : 1),
        FirstSkipped = SkippedFor is null && outcome.Skipped is not null ? Completed : FirstSkipped,
        SkippedFor = SkippedFor ?? outcome.Skipped,
    };
}
