namespace Trainer.Reduction;

/// <summary>
/// A node of the perfect binary tree over the logical shards: it covers shards [Index * 2^Level, (Index + 1) *
/// 2^Level).
/// </summary>
/// <param name="Level">0 is a leaf.</param>
/// <param name="Index">Counted from the left.</param>
public readonly record struct TreeNode(int Level, int Index);
