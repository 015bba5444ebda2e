namespace Trainer.Data;

/// <summary>Rows in memory, ready for the core.</summary>
/// <param name="Count">Rows n.</param>
/// <param name="FeatureCount">Features I.</param>
/// <param name="TargetWidth">
/// Values a row in <paramref name="Targets"/>: outputs of a regression, else 1; 0 for rows read without targets.
/// </param>
/// <param name="Features">Row-major [n, I].</param>
/// <param name="Targets">
/// Row-major [n, TargetWidth]: values, 0/1 for a sigmoid unit (1 = positive), or the class index for softmax.
/// </param>
public sealed record RowSet(int Count, int FeatureCount, int TargetWidth, float[] Features, float[] Targets)
{
    /// <summary>Weight of each row in training, [n]; empty: all weigh 1.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>Weight of a row in training.</summary>
    /// <param name="row">The row.</param>
    public float Weight(int row) => Weights.Length == 0 ? 1f : Weights[row];
}
