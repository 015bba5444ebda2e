using Trainer.Kernels;

namespace Trainer.Metrics;

/// <summary>The metrics of two classes, from the sorted logits: the same bits for any spread of the rows.</summary>
/// <param name="positives">Logits of rows of the positive class, ascending.</param>
/// <param name="negatives">Logits of rows of the negative class, ascending.</param>
internal sealed class BinaryScores(float[] positives, float[] negatives)
{
    // NaN sorts first.
    private bool HasNaN => (positives.Length > 0 && float.IsNaN(positives[0]))
        || (negatives.Length > 0 && float.IsNaN(negatives[0]));

    /// <summary>Counts at a threshold, [actual, predicted], positive second; null when a score is NaN.</summary>
    public long[]? Confusion(double threshold)
    {
        if (HasNaN)
        {
            return null;
        }

        double smallest = Elementary.Log(threshold / (1 - threshold));
        int missed = CountBelow(positives, smallest);
        int rejected = CountBelow(negatives, smallest);
        return [rejected, negatives.Length - rejected, missed, positives.Length - missed];
    }

    /// <summary>
    /// Area under the ROC curve: the share of pairs (positive, negative) in which the positive row has the higher
    /// score, ties counted half. NaN when a class is absent or a score is NaN.
    /// </summary>
    /// <remarks>The Mann-Whitney statistic, in whole numbers.</remarks>
    public double AreaUnderRoc()
    {
        if (HasNaN)
        {
            return double.NaN;
        }

        UInt128 halves = 0;
        int below = 0;
        int upTo = 0;
        foreach (float score in positives)
        {
            while (below < negatives.Length && negatives[below] < score)
            {
                below++;
            }

            while (upTo < negatives.Length && negatives[upTo] <= score)
            {
                upTo++;
            }

            halves += (ulong)below + (ulong)upTo;
        }

        return (double)halves / (2.0 * positives.Length * negatives.Length);
    }

    /// <summary>
    /// Average precision: the sum over the thresholds, from the highest, of precision times the gain in recall. NaN
    /// without a positive row or when a score is NaN.
    /// </summary>
    /// <remarks>The step-wise area under the precision-recall curve of scikit-learn, not the trapezoidal one.</remarks>
    public double AveragePrecision()
    {
        if (HasNaN)
        {
            return double.NaN;
        }

        double sum = 0;
        int negative = negatives.Length;
        int end = positives.Length;
        while (end > 0)
        {
            float score = positives[end - 1];
            int first = end;
            while (first > 0 && positives[first - 1] == score)
            {
                first--;
            }

            while (negative > 0 && negatives[negative - 1] >= score)
            {
                negative--;
            }

            double found = positives.Length - first;
            sum += (end - first) * (found / (found + (negatives.Length - negative)));
            end = first;
        }

        return sum / positives.Length;
    }

    /// <summary>Mean of -ln of the probability of the actual class, in nats.</summary>
    public double LogLoss()
    {
        double sum = 0;
        foreach (float logit in positives)
        {
            sum += Softplus(-logit);
        }

        foreach (float logit in negatives)
        {
            sum += Softplus(logit);
        }

        return sum / (positives.Length + negatives.Length);
    }

    /// <summary>Mean squared distance of the probability of the positive class to what was: 1 or 0.</summary>
    public double Brier()
    {
        double sum = 0;
        foreach (float logit in positives)
        {
            double missing = Sigmoid(-logit);
            sum += missing * missing;
        }

        foreach (float logit in negatives)
        {
            double probability = Sigmoid(logit);
            sum += probability * probability;
        }

        return sum / (positives.Length + negatives.Length);
    }

    /// <summary>The calibration of the positive class.</summary>
    public CalibrationBin[] Calibration()
    {
        long[] rows = new long[CalibrationBin.Count];
        long[] kept = new long[CalibrationBin.Count];
        double[] probabilities = new double[CalibrationBin.Count];
        foreach ((float[] logits, int isPositive) in new[] { (negatives, 0), (positives, 1) })
        {
            foreach (float logit in logits)
            {
                double probability = Sigmoid(logit);
                int bin = CalibrationBin.Of(probability);
                rows[bin]++;
                kept[bin] += isPositive;
                probabilities[bin] += probability;
            }
        }

        return CalibrationBin.Create(rows, kept, probabilities);
    }

    private static int CountBelow(float[] ascending, double limit)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = ascending[middle] < limit ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double Sigmoid(double logit)
    {
        double power = Elementary.Exp(-Math.Abs(logit));
        return (logit >= 0 ? 1 : power) / (1 + power);
    }

    // ln(1 + e^z) = max(z, 0) + ln(1 + u), u = e^-|z|. The quotient makes up for the rounding of 1 + u; source: Kahan,
    // "Interval arithmetic options in the proposed IEEE floating point arithmetic standard", 1980.
    private static double Softplus(double logit)
    {
        double power = Elementary.Exp(-Math.Abs(logit));
        double above = 1 + power;
        double rest = above == 1 ? power : Elementary.Log(above) * (power / (above - 1));
        return Math.Max(logit, 0) + rest;
    }
}
