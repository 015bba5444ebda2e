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

    /// <summary>A copy of some rows.</summary>
    /// <param name="indices">The rows, in the order of the copy.</param>
    public RowSet Select(ReadOnlySpan<int> indices)
    {
        float[] features = new float[checked(indices.Length * FeatureCount)];
        float[] targets = new float[checked(indices.Length * TargetWidth)];
        float[] weights = new float[Weights.Length == 0 ? 0 : indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Features.AsSpan(indices[i] * FeatureCount, FeatureCount).CopyTo(features.AsSpan(i * FeatureCount));
            Targets.AsSpan(indices[i] * TargetWidth, TargetWidth).CopyTo(targets.AsSpan(i * TargetWidth));
            if (weights.Length > 0)
            {
                weights[i] = Weights[indices[i]];
            }
        }

        return this with { Count = indices.Length, Features = features, Targets = targets, Weights = weights };
    }

    /// <summary>Weight of a row in training.</summary>
    /// <param name="row">The row.</param>
    public float Weight(int row) => Weights.Length == 0 ? 1f : Weights[row];
}
