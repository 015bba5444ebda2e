namespace Trainer.Data;

/// <summary>Rows in one piece of memory, which row sets share.</summary>
/// <param name="Count">Rows n.</param>
/// <param name="Features">Their features.</param>
/// <param name="TargetWidth">Values a row in <paramref name="Targets"/>; 0 for rows read without targets.</param>
/// <param name="Targets">Row-major [n, TargetWidth].</param>
/// <param name="Weights">Weight of each row in training, [n]; empty: all weigh 1.</param>
internal sealed record RowBlock(int Count, FeatureRows Features, int TargetWidth, float[] Targets, float[] Weights);
