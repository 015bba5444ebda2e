using Trainer.Kernels;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>
/// Loss of one row of a regression from its logits, and its gradient, in double with the core's own functions.
/// </summary>
internal static class RegressionLoss
{
    /// <summary>The loss of a row.</summary>
    /// <param name="unit">Linear: mean squared error; sigmoid: binary cross-entropy; softmax: cross-entropy.</param>
    /// <param name="values">The logits, shape [O]; become the gradient of the loss by them.</param>
    /// <param name="targets">Values [O], or 0/1, or the class.</param>
    public static double Row(OutputUnit unit, Span<double> values, ReadOnlySpan<float> targets) => unit switch
    {
        OutputUnit.Sigmoid => Sigmoid(values, targets[0]),
        OutputUnit.Softmax => Softmax(values, (int)targets[0]),
        _ => SquaredError(values, targets),
    };

    private static double SquaredError(Span<double> values, ReadOnlySpan<float> targets)
    {
        double sum = 0;
        for (int output = 0; output < values.Length; output++)
        {
            double error = values[output] - targets[output];
            sum += error * error;
            values[output] = 2 * error / values.Length;
        }

        return sum / values.Length;
    }

    private static double Sigmoid(Span<double> values, float target)
    {
        double logit = values[0];
        double e = Elementary.Exp(-Math.Abs(logit));
        values[0] = ((logit >= 0 ? 1 : e) / (1 + e)) - target;
        return Math.Max(logit, 0) - (logit * target) + Elementary.Log(1 + e);
    }

    private static double Softmax(Span<double> values, int label)
    {
        double logit = values[label];
        double largest = values[0];
        foreach (double value in values)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0;
        foreach (ref double value in values)
        {
            value = Elementary.Exp(value - largest);
            sum += value;
        }

        foreach (ref double value in values)
        {
            value /= sum;
        }

        values[label] -= 1;
        return Elementary.Log(sum) - (logit - largest);
    }
}
