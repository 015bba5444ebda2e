using System.Collections.Immutable;

using Trainer.Checkpoints;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>What is known of an epoch after some of its steps.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
internal sealed record EpochSums(int Epoch)
{
    /// <summary>Steps done.</summary>
    public int Steps { get; private init; }

    /// <summary>Steps whose batch was skipped.</summary>
    public int Skipped { get; private init; }

    /// <summary>Loss sum of the steps, added in ascending order.</summary>
    public double LossSum { get; private init; }

    /// <summary>Sum of their rows' weights.</summary>
    public double WeightSum { get; private init; }

    /// <summary>Their rows.</summary>
    public long Rows { get; private init; }

    /// <summary>Time in the steps.</summary>
    public TimeSpan Elapsed { get; private init; }

    /// <summary>L2 norm of the gradient of the last step, one a layer; empty before it.</summary>
    public ImmutableArray<double> GradientNorms { get; private init; } = [];

    /// <summary>Mean loss of the rows.</summary>
    public double Loss => WeightSum > 0 ? LossSum / WeightSum : 0;

    /// <summary>The epoch that a checkpoint stands in.</summary>
    public static EpochSums Of(TrainingPosition position) => new(position.Epoch)
    {
        Steps = position.StepInEpoch,
        Skipped = position.SkippedInEpoch,
        LossSum = position.LossSum,
        WeightSum = position.WeightSum,
        Rows = position.Rows,
        Elapsed = TimeSpan.FromSeconds(position.EpochSeconds),
    };

    /// <summary>The epoch after one more range of steps.</summary>
    /// <param name="sums">What it gave.</param>
    /// <param name="took">Its time.</param>
    public EpochSums With(StepSums sums, TimeSpan took) => this with
    {
        Steps = Steps + sums.Completed,
        Skipped = Skipped + sums.Skipped,
        LossSum = sums.LossSum,
        WeightSum = sums.WeightSum,
        Rows = Rows + sums.RowCount,
        Elapsed = Elapsed + took,
        GradientNorms = sums.GradientNorms,
    };
}
