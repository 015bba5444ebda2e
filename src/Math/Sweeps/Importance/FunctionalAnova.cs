using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Importance;

/// <summary>
/// Importance of parameters by functional analysis of variance of a random forest fitted to completed trials.
/// </summary>
/// <remarks>
/// Source: Hutter, Hoos and Leyton-Brown, "An efficient approach for assessing hyperparameter importance", 2014;
/// forest: Breiman, "Random forests", 2001. Over the unit cube a tree is constant on boxes, so that the mean over all
/// other parameters, and its variance, are exact sums. An inactive parameter stands in the middle of its range;
/// choices stand in the order of the space.
/// </remarks>
public static class FunctionalAnova
{
    private const int LeastTrials = 4;

    /// <summary>The importance of each parameter.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="trials">Trials; only completed ones with a finite value count.</param>
    /// <param name="seed">Of the forest.</param>
    /// <param name="trees">Trees of the forest; default 64.</param>
    /// <returns>The most important first; empty with fewer than 4 completed trials or equal values.</returns>
    public static IReadOnlyList<ParameterImportance> Of(
        SearchSpace space, IReadOnlyList<Trial> trials, ulong seed, int trees = 64)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(trees, 1);
        Trial[] completed = [.. trials.Where(trial => trial.State == TrialState.Completed
            && double.IsFinite(trial.Value) && space.Contains(trial.Parameters)).OrderBy(trial => trial.Number)];
        if (completed.Length < LeastTrials)
        {
            return [];
        }

        double[][] points = [.. completed.Select(trial =>
        {
            double[] unit = new double[space.Dimensions.Count];
            space.Encode(trial.Parameters, unit);
            return unit;
        })];
        double[] values = [.. completed.Select(trial => trial.Value)];
        double[][] parts = [.. Enumerable.Range(0, trees)
            .Select(tree => Parts(RegressionTree.Fit(points, values, new Draws(seed, RandomStream.Importance, tree))))
            .OfType<double[]>()];
        return parts.Length == 0 ? [] :
        [
            .. space.Dimensions.Select((dimension, d) => Summarize(dimension.Path, [.. parts.Select(part => part[d])]))
                .OrderByDescending(importance => importance.Mean),
        ];
    }

    private static ParameterImportance Summarize(string path, double[] parts)
    {
        double mean = parts.Average();
        return new(path, mean, Math.Sqrt(parts.Average(part => (part - mean) * (part - mean))));
    }

    // Per dimension the variance of the marginal mean over the variance of the tree; null for a constant tree.
    private static double[]? Parts(IReadOnlyList<TreeBox> boxes)
    {
        double mean = boxes.Sum(box => box.Volume * box.Value);
        double variance = boxes.Sum(box => box.Volume * (box.Value - mean) * (box.Value - mean));
        return !(variance > 0) ? null :
            [.. Enumerable.Range(0, boxes[0].Low.Length).Select(d => MarginalVariance(boxes, d, mean) / variance)];
    }

    private static double MarginalVariance(IReadOnlyList<TreeBox> boxes, int d, double mean)
    {
        double[] borders = [.. boxes.Select(box => box.Low[d]).Append(1).Distinct().Order()];
        double sum = 0;
        for (int k = 0; k + 1 < borders.Length; k++)
        {
            double marginal = 0;
            foreach (TreeBox box in boxes)
            {
                if (box.Low[d] <= borders[k] && box.High[d] >= borders[k + 1])
                {
                    marginal += box.Value * box.Volume / (box.High[d] - box.Low[d]);
                }
            }

            sum += (borders[k + 1] - borders[k]) * (marginal - mean) * (marginal - mean);
        }

        return sum;
    }
}
