using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>
/// What any model has to beat: the majority class or the mean, and logistic, softmax or linear regression on the same
/// split.
/// </summary>
/// <remarks>The bits do not depend on the machine, and no clock decides how long a regression is fitted.</remarks>
public static class Baselines
{
    /// <summary>Computes the baselines.</summary>
    /// <param name="train">Training rows, at least 1.</param>
    /// <param name="test">Rows to judge on (the test part, else validation, else train).</param>
    /// <param name="outputUnit">Kind of the target.</param>
    /// <param name="outputs">Logits.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>
    /// Metrics by baseline name: <c>majority</c> or <c>mean</c>, then <c>logistic_regression</c> (also for more than
    /// two classes) or <c>linear_regression</c>, which is left out where there are too many features times outputs to
    /// fit it in a few seconds.
    /// </returns>
    /// <exception cref="ArgumentException">The rows do not fit each other or the outputs.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Compute(
        RowSet train, RowSet test, OutputUnit outputUnit, int outputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        Check(train, test, outputUnit, outputs);
        bool regression = outputUnit == OutputUnit.Linear;
        var baselines = new OrderedDictionary<string, IReadOnlyDictionary<string, double>>
        {
            [regression ? "mean" : "majority"] = JudgeConstant(train, test, outputUnit, outputs),
        };
        if (Regression.Fit(train, outputUnit, outputs, cancellationToken) is { } model)
        {
            baselines[regression ? "linear_regression" : "logistic_regression"] =
                Judge(model, test, outputUnit, outputs, cancellationToken);
        }

        return baselines;
    }

    private static void Check(RowSet train, RowSet test, OutputUnit unit, int outputs)
    {
        int width = unit == OutputUnit.Linear ? outputs : 1;
        if (train.Count < 1 || outputs < 1 || (unit == OutputUnit.Sigmoid && outputs != 1))
        {
            throw new ArgumentException(
                $"Baselines of {train.Count} training rows and {outputs} outputs of a {unit} unit cannot be computed.");
        }

        if (train.FeatureCount != test.FeatureCount || train.TargetWidth != width || test.TargetWidth != width)
        {
            throw new ArgumentException(
                $"Rows of {train.FeatureCount} features and {train.TargetWidth} targets, and of {test.FeatureCount} "
                + $"and {test.TargetWidth}, do not fit each other and {width} targets.");
        }
    }

    // The same prediction for every row: each class by its share of the training rows, or the mean.
    private static IReadOnlyDictionary<string, double> JudgeConstant(
        RowSet train, RowSet test, OutputUnit unit, int outputs)
    {
        EvaluationAccumulator sums = CreateSums(test, unit, outputs);
        if (unit == OutputUnit.Linear)
        {
            double[] means = LeastSquares.TargetMeans(train, outputs);
            for (int row = 0; row < test.Count; row++)
            {
                AddRow(sums, test, row, unit, means);
            }

            return sums.ToSums().ToMetrics();
        }

        // The loss comes from the shares themselves: that of a class without training rows is infinite, not NaN.
        double[] shares = [.. Regression.ClassRows(train, unit, outputs).Select(rows => (double)rows / train.Count)];
        float[] losses = [.. shares.Select(share => (float)-Elementary.Log(share))];
        double[] logs = [.. shares.Select(Elementary.Log)];
        float[] logits = Row(unit == OutputUnit.Sigmoid ? [logs[1] - logs[0]] : logs);
        for (int row = 0; row < test.Count; row++)
        {
            sums.Add(row, losses[(int)test.TargetsOf(row)[0]], logits, 1, 0);
        }

        return sums.ToSums().ToMetrics();
    }

    private static IReadOnlyDictionary<string, double> Judge(
        RegressionModel model, RowSet test, OutputUnit unit, int outputs, CancellationToken cancellationToken)
    {
        EvaluationAccumulator sums = CreateSums(test, unit, outputs);
        double[] logits = new double[RegressionModel.BlockRows * outputs];
        for (int first = 0; first < test.Count; first += RegressionModel.BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(RegressionModel.BlockRows, test.Count - first);
            model.Forward(test, [.. Enumerable.Range(first, count)], logits.AsSpan(0, count * outputs));
            for (int row = 0; row < count; row++)
            {
                AddRow(sums, test, first + row, unit, logits.AsSpan(row * outputs, outputs));
            }
        }

        return sums.ToSums().ToMetrics();
    }

    private static EvaluationAccumulator CreateSums(RowSet test, OutputUnit unit, int outputs)
    {
        LossFunction loss = unit switch
        {
            OutputUnit.Sigmoid => LossFunction.BinaryCrossEntropy,
            OutputUnit.Softmax => LossFunction.CrossEntropy,
            _ => LossFunction.MeanSquaredError,
        };
        return new(new MlpArchitecture(test.FeatureCount, [], Activation.Identity, outputs, unit, loss), test);
    }

    private static void AddRow(
        EvaluationAccumulator sums, RowSet test, int row, OutputUnit unit, ReadOnlySpan<double> logits)
    {
        double[] values = logits.ToArray();
        ReadOnlySpan<float> targets = test.TargetsOf(row);
        float loss = (float)RegressionLoss.Row(unit, values, targets);
        sums.Add(row, loss, Row(logits), 1, 0);
    }

    // A block of one row in panels is the row, padded.
    private static float[] Row(ReadOnlySpan<double> logits)
    {
        float[] row = new float[Panels.Length(1, logits.Length)];
        for (int i = 0; i < logits.Length; i++)
        {
            row[i] = (float)logits[i];
        }

        return row;
    }
}
