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
}
