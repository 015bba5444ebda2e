using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Training;

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

    /// <summary>Rows of a classification by softmax with their logits; the loss of each row is 1.</summary>
    public static EvaluationSums Softmax(params (float[] Logits, int Actual)[] rows)
    {
        int classes = rows[0].Logits.Length;
        var network = new MlpArchitecture(
            1, [], Activation.Identity, classes, OutputUnit.Softmax, LossFunction.CrossEntropy);
        float[] targets = [.. rows.Select(row => (float)row.Actual)];
        var sums = new EvaluationAccumulator(network, new RowSet(rows.Length, 1, 1, new float[rows.Length], targets));
        foreach ((int index, (float[] logits, _)) in rows.Index())
        {
            // A block of one row in panels is the row, padded.
            float[] panel = new float[Panels.Length(1, classes)];
            logits.CopyTo(panel, 0);
            sums.Add(index, 1, panel, 1, 0);
        }

        return sums.ToSums();
    }

    /// <summary>The rows spread over shards, unevenly on purpose: each goes to a random one, some get none.</summary>
    public static EvaluationSums Partitioned<T>(T[] rows, int count, int seed, Func<T[], EvaluationSums> evaluate)
    {
        var random = new Random(seed);
        Dictionary<int, EvaluationSums> shards = rows
            .GroupBy(_ => random.Next(count))
            .ToDictionary(group => group.Key, group => evaluate([.. group]));
        return EvaluationSums.CombineShards(shards, count);
    }

    /// <summary>Rows of a classification by softmax, their classes alone.</summary>
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
