using Trainer.Models;

namespace Trainer.Losses;

/// <summary>
/// Losses of one row and their gradients in float64, in plain loops: the oracle of the tests, never called in training.
/// Stable at any logit: no exponential of a positive number is taken.
/// </summary>
public static class ReferenceLoss
{
    /// <summary>Loss of one row and its gradient by the logits.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="logits">Logits z, shape [O]; one for binary cross-entropy.</param>
    /// <param name="targets">Values [O] of a squared error, else one number: 0 or 1, or the class.</param>
    /// <param name="gradient">Receives d loss / d z, shape [O].</param>
    /// <returns>The loss; in nats for the cross-entropies, the mean over outputs for the squared error.</returns>
    public static double Row(
        LossFunction loss, ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, Span<double> gradient) =>
        Row(loss, TrainingObjective.Plain, logits, targets, gradient);

    /// <summary>Loss of one row under an objective, times the row's weight, and its gradient by the logits.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="objective">Smoothing and weights; dropout does not concern it.</param>
    /// <param name="logits">Logits z, shape [O].</param>
    /// <param name="targets">Targets as without an objective.</param>
    /// <param name="gradient">Receives d loss / d z, shape [O].</param>
    public static double Row(
        LossFunction loss,
        TrainingObjective objective,
        ReadOnlySpan<double> logits,
        ReadOnlySpan<double> targets,
        Span<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(objective);
        double value = loss == LossFunction.CrossEntropy && objective.LabelSmoothing > 0
            ? SmoothedCrossEntropy(logits, (int)targets[0], objective.LabelSmoothing, gradient)
            : PlainRow(loss, logits, targets, gradient);
        double factor = objective.RowWeight((float)targets[0]);
        if (loss == LossFunction.BinaryCrossEntropy && targets[0] > 0.5)
        {
            factor *= objective.PositiveWeight;
        }

        foreach (ref double d in gradient)
        {
            d *= factor;
        }

        return value * factor;
    }

    private static double PlainRow(
        LossFunction loss, ReadOnlySpan<double> logits, ReadOnlySpan<double> targets, Span<double> gradient)
    {
        return loss switch
        {
            LossFunction.MeanSquaredError => SquaredError(logits, targets, gradient),
            LossFunction.BinaryCrossEntropy => BinaryCrossEntropy(logits[0], targets[0], gradient),
            LossFunction.CrossEntropy => CrossEntropy(logits, (int)targets[0], gradient),
            LossFunction.Perceptron => Perceptron(logits[0], targets[0], gradient),
            _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, $"'loss' is {loss}, which is none."),
        };
    }

    /// <summary>Predictions of one row: values, the probability of the positive class, or one a class.</summary>
    /// <param name="unit">The output unit.</param>
    /// <param name="logits">Logits, shape [O].</param>
    /// <param name="predictions">Receives the predictions, shape [O].</param>
    public static void Predict(OutputUnit unit, ReadOnlySpan<double> logits, Span<double> predictions)
    {
        switch (unit)
        {
            case OutputUnit.Sigmoid:
                predictions[0] = Sigmoid(logits[0]);
                break;
            case OutputUnit.Softmax:
                Softmax(logits, predictions);
                break;
            default:
                logits.CopyTo(predictions);
                break;
        }
    }

    /// <summary><c>1 / (1 + exp(-z))</c>.</summary>
    /// <param name="z">The logit.</param>
    public static double Sigmoid(double z)
    {
        double e = Exp(-Math.Abs(z));
        return z >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>ln(1 + x) that keeps its digits near 0.</summary>
    /// <remarks>Source: Goldberg, "What Every Computer Scientist Should Know", theorem 4.</remarks>
    internal static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Log(sum) * x / (sum - 1);
    }

    // (1/O) sum (z - t)^2, gradient 2 (z - t) / O.
    private static double SquaredError(ReadOnlySpan<double> z, ReadOnlySpan<double> targets, Span<double> gradient)
    {
        double sum = 0;
        for (int output = 0; output < z.Length; output++)
        {
            double error = z[output] - targets[output];
            sum += error * error;
            gradient[output] = 2 * error / z.Length;
        }

        return sum / z.Length;
    }

    // -t ln p - (1 - t) ln(1 - p) with p = sigmoid(z), which is max(z, 0) - z t + ln(1 + exp(-|z|)); gradient p - t.
    private static double BinaryCrossEntropy(double z, double target, Span<double> gradient)
    {
        gradient[0] = Sigmoid(z) - target;
        return Math.Max(z, 0) - (z * target) + LogOnePlus(Exp(-Math.Abs(z)));
    }

    // -ln p[class] with p = softmax(z): ln(sum exp(z - max)) - (z[class] - max); gradient p - onehot(class).
    private static double CrossEntropy(ReadOnlySpan<double> z, int label, Span<double> gradient)
    {
        (double largest, double sum) = Softmax(z, gradient);
        gradient[label] -= 1;
        return Log(sum) - (z[label] - largest);
    }

    // -sum_k t_k ln p_k with t = (1 - epsilon) onehot(class) + epsilon / K; gradient p - t.
    private static double SmoothedCrossEntropy(
        ReadOnlySpan<double> z, int label, double epsilon, Span<double> gradient)
    {
        (double largest, double sum) = Softmax(z, gradient);
        double loss = 0;
        for (int output = 0; output < z.Length; output++)
        {
            double target = (epsilon / z.Length) + (output == label ? 1 - epsilon : 0);
            gradient[output] -= target;
            loss += target * (Log(sum) - (z[output] - largest));
        }

        return loss;
    }

    // max(0, -t z) with t = +-1; gradient -t where the row is wrong or on the boundary.
    private static double Perceptron(double z, double target, Span<double> gradient)
    {
        double sign = target > 0.5 ? 1 : -1;
        gradient[0] = sign * z > 0 ? 0 : -sign;
        return Math.Max(0, -sign * z);
    }

    private static (double Largest, double Sum) Softmax(ReadOnlySpan<double> z, Span<double> probabilities)
    {
        double largest = z[0];
        foreach (double logit in z)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        for (int output = 0; output < z.Length; output++)
        {
            probabilities[output] = Exp(z[output] - largest);
            sum += probabilities[output];
        }

        for (int output = 0; output < z.Length; output++)
        {
            probabilities[output] /= sum;
        }

        return (largest, sum);
    }

#pragma warning disable RS0030 // The float64 reference is compared to 1e-12, and shares no polynomial with the core.
    private static double Exp(double x) => Math.Exp(x);

    private static double Log(double x) => Math.Log(x);
#pragma warning restore RS0030
}
