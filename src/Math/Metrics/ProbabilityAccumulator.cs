using Trainer.Kernels;

namespace Trainer.Metrics;

/// <summary>Adds up the probabilities of a softmax row by row, in double.</summary>
internal sealed class ProbabilityAccumulator
{
    private readonly long[] _topCorrect = new long[ProbabilitySums.Tops.Length];
    private readonly long[] _binRows = new long[CalibrationBin.Count];
    private readonly long[] _binCorrect = new long[CalibrationBin.Count];
    private readonly double[] _binConfidence = new double[CalibrationBin.Count];
    private double _logLoss;
    private double _squaredError;

    /// <summary>Adds a row.</summary>
    /// <param name="logits">Its logits, one a class.</param>
    /// <param name="actual">Its class.</param>
    /// <param name="predicted">The class with the largest logit.</param>
    public void Add(ReadOnlySpan<float> logits, int actual, int predicted)
    {
        // p_c = exp(z_c - largest) / sum of those: no exponential overflows.
        double largest = logits[predicted];
        double sum = 0;
        double squares = 0;
        int rank = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double power = Elementary.Exp(logits[i] - largest);
            sum += power;
            squares += power * power;

            // Not "larger": a row with a NaN is right for no k.
            bool isBehind = i < actual ? logits[i] < logits[actual] : logits[i] <= logits[actual];
            rank += isBehind ? 0 : 1;
        }

        double own = Elementary.Exp(logits[actual] - largest) / sum;
        _logLoss += Elementary.Log(sum) - (logits[actual] - largest);

        // Sum of (p - y)^2 = sum of p^2 - 2 p_actual + 1, written so that nothing cancels where p_actual is near 1.
        _squaredError += Math.Max(0, (squares / (sum * sum)) - (own * own)) + ((1 - own) * (1 - own));
        for (int i = 0; i < _topCorrect.Length; i++)
        {
            _topCorrect[i] += rank < ProbabilitySums.Tops[i] ? 1 : 0;
        }

        double confidence = 1 / sum;
        int bin = CalibrationBin.Of(confidence);
        _binRows[bin]++;
        _binConfidence[bin] += confidence;
        _binCorrect[bin] += actual == predicted ? 1 : 0;
    }

    /// <summary>The sums.</summary>
    public ProbabilitySums ToSums() =>
        new(_logLoss, _squaredError, _topCorrect, _binRows, _binCorrect, _binConfidence);
}
