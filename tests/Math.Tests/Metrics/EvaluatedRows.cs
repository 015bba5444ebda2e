namespace Trainer.Metrics;

/// <summary>Sums of rows as an evaluation of one shard would make them, for the tests.</summary>
internal static class EvaluatedRows
{
    /// <summary>Rows of a binary classification; the loss of a row is its logit's magnitude.</summary>
    public static EvaluationSums Binary(IEnumerable<(float Logit, bool Positive)> rows)
    {
        (float Logit, bool Positive)[] all = [.. rows];
        long[] confusion = new long[4];
        foreach ((float logit, bool positive) in all)
        {
            confusion[(positive ? 2 : 0) + (logit >= 0 ? 1 : 0)]++;
        }

        float[] positives = [.. all.Where(row => row.Positive).Select(row => row.Logit).Order()];
        float[] negatives = [.. all.Where(row => !row.Positive).Select(row => row.Logit).Order()];
        double loss = all.Sum(row => Math.Abs((double)row.Logit));
        return new(all.Length, loss, confusion[0] + confusion[3], [], [], [], [], positives, negatives, confusion);
    }

    /// <summary>Rows of a classification by softmax.</summary>
    public static EvaluationSums Classes(int classes, params (int Actual, int Predicted)[] rows)
    {
        long[] confusion = new long[classes * classes];
        foreach ((int actual, int predicted) in rows)
        {
            confusion[(actual * classes) + predicted]++;
        }

        int correct = rows.Count(row => row.Actual == row.Predicted);
        return new(rows.Length, rows.Length, correct, [], [], [], [], [], [], confusion);
    }

    /// <summary>Rows of a regression: predictions and targets, one value an output.</summary>
    public static EvaluationSums Regression(params (double[] Predicted, double[] Target)[] rows)
    {
        int outputs = rows.Length == 0 ? 0 : rows[0].Target.Length;
        double[] mean = new double[outputs];
        double[] squares = new double[outputs];
        double[] squaredErrors = new double[outputs];
        double[] absoluteErrors = new double[outputs];
        for (int output = 0; output < outputs; output++)
        {
            mean[output] = rows.Average(row => row.Target[output]);
            squares[output] = rows.Sum(row => Math.Pow(row.Target[output] - mean[output], 2));
            squaredErrors[output] = rows.Sum(row => Math.Pow(row.Predicted[output] - row.Target[output], 2));
            absoluteErrors[output] = rows.Sum(row => Math.Abs(row.Predicted[output] - row.Target[output]));
        }

        double loss = outputs == 0 ? 0 : squaredErrors.Sum() / outputs;
        return new(rows.Length, loss, 0, mean, squares, squaredErrors, absoluteErrors, [], [], []);
    }
}
