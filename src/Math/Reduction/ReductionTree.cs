using System.Numerics;

namespace Trainer.Reduction;

/// <summary>
/// Which sums are formed in one step, in which order (numerics A3): the perfect binary tree over the logical shards, in
/// which a shard without rows is absent and a node with one child is that child.
/// </summary>
/// <remarks>Shards take consecutive positions of a batch, so those with rows are always the first ones.</remarks>
public readonly struct ReductionTree
{
    private readonly int _levels;
    private readonly int _occupied;

    /// <summary>The tree of a step.</summary>
    /// <param name="shards">V, a power of two.</param>
    /// <param name="occupied">Shards with rows, 1..V: these are shards 0 to <paramref name="occupied"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Not a power of two, or more shards with rows than shards.
    /// </exception>
    public ReductionTree(int shards, int occupied)
    {
        if (!BitOperations.IsPow2(shards))
        {
            throw new ArgumentOutOfRangeException(
                nameof(shards), shards, $"'shards' is {shards}; it must be a power of two.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(occupied);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(occupied, shards);
        _levels = BitOperations.Log2((uint)shards);
        _occupied = occupied;
    }

    /// <summary>The node that covers all shards.</summary>
    public TreeNode Root => new(_levels, 0);

    /// <summary>Whether a node belongs to the tree and covers a shard with rows.</summary>
    /// <param name="node">Any node.</param>
    public bool Contains(TreeNode node) =>
        (uint)node.Level <= (uint)_levels && node.Index >= 0 && (long)node.Index << node.Level < _occupied;

    /// <summary>The highest node that <em>is</em> this one: its ancestors as long as it has no sibling.</summary>
    /// <param name="node">A node of the tree.</param>
    public TreeNode Lift(TreeNode node)
    {
        while (node.Level < _levels && !Contains(Sibling(node)))
        {
            node = Parent(node);
        }

        return node;
    }

    /// <summary>The other child of a node's parent.</summary>
    /// <param name="node">Any node but the root.</param>
    public static TreeNode Sibling(TreeNode node) => node with { Index = node.Index ^ 1 };

    /// <summary>The node above.</summary>
    /// <param name="node">Any node but the root.</param>
    public static TreeNode Parent(TreeNode node) => new(node.Level + 1, node.Index >> 1);

    /// <summary>Whether a node is the left child of its parent.</summary>
    /// <param name="node">Any node but the root.</param>
    public static bool IsLeft(TreeNode node) => (node.Index & 1) == 0;

    /// <summary>Whether <paramref name="node"/> covers every shard that <paramref name="other"/> covers.</summary>
    /// <param name="node">Any node.</param>
    /// <param name="other">Any node.</param>
    public static bool Covers(TreeNode node, TreeNode other) =>
        node.Level >= other.Level && other.Index >> (node.Level - other.Level) == node.Index;
}
