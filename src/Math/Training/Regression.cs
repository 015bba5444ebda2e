using Trainer.Data;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>Fits logistic, softmax or linear regression, deterministically and in a bounded amount of work.</summary>
/// <remarks>
/// The work is counted in multiply-adds, never in time, so that a fit has the same result on every machine. Where not
/// all rows fit into it, evenly strided ones are used.
/// </remarks>
internal static class Regression
{
    // A few seconds of one core.
    private const double MostMultiplyAdds = 1e10;

    // Evaluations that a fit gets at least, before rows are left out, and at most.
    private const int FewestEvaluations = 40;
    private const int MostEvaluations = 1000;

    // Fewer rows than these make no baseline worth the name.
    private const int FewestRows = 500;

    // One exponential or logarithm, in multiply-adds.
    private const int ElementaryCost = 30;

    private const double Tolerance = 1e-6;

    // Relative to the curvature of the loss: it decides only how collinear features share their weight.
    private const double Ridge = 1e-9;

    /// <summary>Fits a regression.</summary>
    /// <param name="train">Training rows, at least 1.</param>
    /// <param name="unit">Sigmoid: logistic; softmax; linear.</param>
    /// <param name="outputs">Logits K.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    /// <returns>The model; null when even <see cref="FewestRows"/> rows are too much work.</returns>
    public static RegressionModel? Fit(
        RowSet train, OutputUnit unit, int outputs, CancellationToken cancellationToken)
    {
        double features = train.FeatureCount;
        double closedForm = features * features * (train.Count + (features / 3) + outputs);
        if (unit == OutputUnit.Linear && closedForm <= MostMultiplyAdds)
        {
            ScaledFeatures all = ScaledFeatures.Measure(train, train.Count, 0, cancellationToken);
            return LeastSquares.Fit(train, outputs, all, Ridge, cancellationToken);
        }

        double rowCost = (2 * features * outputs) + features + (outputs * ElementaryCost);
        double rows = Math.Min(train.Count, MostMultiplyAdds / (FewestEvaluations * rowCost));
        if (rows < Math.Min(train.Count, FewestRows))
        {
            return null;
        }

        int used = (int)rows;
        int evaluations = (int)Math.Min(MostEvaluations, MostMultiplyAdds / (used * rowCost));
        return Iterate(train, used, unit, outputs, evaluations, cancellationToken);
    }

    // The penalty is that of scikit-learn's LogisticRegression at its default C = 1.
    private static RegressionModel Iterate(
        RowSet train, int used, OutputUnit unit, int outputs, int evaluations, CancellationToken cancellationToken)
    {
        // A sigmoid bends by at most 1/4: with 4 x penalty in the variance, so does the penalty of a constant feature.
        double penalty = unit == OutputUnit.Linear ? 0 : 1.0 / used;
        ScaledFeatures features = ScaledFeatures.Measure(train, used, 4 * penalty, cancellationToken);
        double ridge = unit == OutputUnit.Linear ? Ridge * 2 / outputs : 0;
        var objective = new RegressionObjective(train, used, unit, outputs, features, penalty, ridge);
        double[] start = objective.Model.Parameters;
        StartingBiases(train, unit, outputs).CopyTo(start, start.Length - outputs);
        double[] best = Lbfgs.Minimize(
            (point, gradient) => objective.Evaluate(point, gradient, cancellationToken), start, evaluations, Tolerance);
        objective.Model.Parameters = best;
        return objective.Model;
    }

    // The best without any weight: log odds, log shares or means. A class without rows counts as half a row.
    private static double[] StartingBiases(RowSet train, OutputUnit unit, int outputs)
    {
        if (unit == OutputUnit.Linear)
        {
            return LeastSquares.TargetMeans(train, outputs);
        }

        double[] logs = [.. ClassRows(train, unit, outputs).Select(rows => Elementary.Log(Math.Max(rows, 0.5)))];
        return unit == OutputUnit.Sigmoid ? [logs[1] - logs[0]] : logs;
    }

    /// <summary>Rows of each class.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="unit">Sigmoid (two classes) or softmax.</param>
    /// <param name="outputs">Logits K.</param>
    public static long[] ClassRows(RowSet rows, OutputUnit unit, int outputs)
    {
        long[] counts = new long[unit == OutputUnit.Sigmoid ? 2 : outputs];
        for (int row = 0; row < rows.Count; row++)
        {
            counts[(int)rows.TargetsOf(row)[0]]++;
        }

        return counts;
    }
}
