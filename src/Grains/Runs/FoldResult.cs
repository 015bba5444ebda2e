using Trainer.Checkpoints;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>What one fold of a cross-validation gave.</summary>
/// <param name="Number">The fold, from 1.</param>
/// <param name="TrainRows">Rows it was trained on.</param>
/// <param name="TestRows">Rows it was tested on.</param>
/// <param name="Summary">Its training.</param>
internal sealed record FoldResult(int Number, int TrainRows, int TestRows, RunSummary Summary)
{
    /// <summary>Metrics of the rows of the fold.</summary>
    public IReadOnlyList<MetricValue> Test => Summary.Parts["test"];

    /// <summary>The result that a checkpoint has.</summary>
    public static FoldResult Of(FoldRecord record)
    {
        var summary = new RunSummary { Epochs = record.Epochs, Steps = record.Steps };
        foreach (PartRecord part in record.Parts)
        {
            summary.Parts[part.Name] =
                [.. part.Metrics.Select(metric => new MetricValue(metric.Name, metric.Value))];
        }

        return new FoldResult(record.Number, record.TrainRows, record.TestRows, summary);
    }

    /// <summary>The result for a checkpoint.</summary>
    public FoldRecord ToRecord() => new(
        Number,
        TrainRows,
        TestRows,
        Summary.Epochs,
        Summary.Steps,
        [
            .. Summary.Parts.Select(part => new PartRecord(
                part.Key, [.. part.Value.Select(metric => new MetricRecord(metric.Name, metric.Value))])),
        ]);
}
