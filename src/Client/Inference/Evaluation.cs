using System.Collections.Concurrent;

using Trainer.Backends;
using Trainer.Commands;
using Trainer.Data;
using Trainer.Metrics;

namespace Trainer.Inference;

/// <summary>How good a model is on the rows of a file.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Threshold">Threshold of the positive class; null for a model without one.</param>
/// <param name="Metrics">Metrics by name, as in a run's summary.</param>
/// <param name="Classes">Names of the classes; empty for a regression.</param>
/// <param name="Confusion">Counts, row-major [actual, predicted]; empty for a regression.</param>
/// <param name="Calibration">The bins of the calibration; empty for a regression.</param>
internal sealed record Evaluation(
    long Rows,
    double? Threshold,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<string> Classes,
    IReadOnlyList<long> Confusion,
    IReadOnlyList<CalibrationBin> Calibration)
{
    /// <summary>Evaluates a model in this process.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">Rows with their targets.</param>
    /// <param name="threshold">Threshold of the positive class; only for a binary model.</param>
    public static Evaluation Create(
        TrainedModel model, DataSource source, double threshold, CancellationToken cancellationToken)
    {
        RowSet rows = model.File.Pipeline.Read(source, withTargets: true, cancellationToken, CommandRunner.Warn);
        EvaluationSums sums = Sum(model, rows, cancellationToken);
        return new Evaluation(
            sums.RowCount,
            model.IsBinary ? threshold : null,
            sums.ToMetrics(threshold),
            model.File.Pipeline.ClassNames,
            sums.ToConfusion(threshold),
            sums.ToCalibration());
    }

    // Shard by shard, as a run does it, so that the same rows give the same bits.
    private static EvaluationSums Sum(TrainedModel model, RowSet rows, CancellationToken cancellationToken)
    {
        int count = model.LogicalShards;
        var shards = new ConcurrentDictionary<int, EvaluationSums>();
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = cancellationToken },
            shard =>
            {
                RowSet part = rows.Slice(FirstRow(shard), FirstRow(shard + 1) - FirstRow(shard));
                if (part.Count > 0)
                {
                    shards[shard] = CpuBackend.OneThread.Evaluate(model.Network, model.Weights, part);
                }
            });
        return EvaluationSums.CombineShards(shards, count);

        // The first row whose shard floor(row * count / rows) is at least this one.
        int FirstRow(int shard) => (int)((((long)shard * rows.Count) + count - 1) / count);
    }
}
