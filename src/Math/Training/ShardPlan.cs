using Trainer.Data;
using Trainer.Reduction;

namespace Trainer.Training;

/// <summary>
/// Which of a worker's shards have rows in a step, at which depth of the stack of sums each one's sum stands, and how
/// many merges follow it.
/// </summary>
/// <param name="shards">The job's logical shards.</param>
/// <param name="held">The shards that the worker holds, ascending.</param>
internal sealed class ShardPlan(LogicalShards shards, HeldRows[] held)
{
    private readonly List<ShardLeaf> _leaves = [];
    private readonly List<TreeNode> _nodes = [];

    /// <summary>The shards with rows, ascending.</summary>
    public List<ShardLeaf> Leaves => _leaves;

    /// <summary>What is left on the stack at the end: maximal aligned subtrees, ascending.</summary>
    public List<TreeNode> Nodes => _nodes;

    /// <summary>Rows of all leaves.</summary>
    public int Rows { get; private set; }

    /// <summary>Most sums on the stack at once.</summary>
    public int Depth { get; private set; }

    /// <summary>Makes the plan of a step.</summary>
    /// <param name="step">Step within the epoch, from 0.</param>
    public void Make(int step)
    {
        var tree = new ReductionTree(shards.Count, shards.OccupiedShards(step));
        _leaves.Clear();
        _nodes.Clear();
        (Rows, Depth) = (0, 0);
        foreach (HeldRows each in held)
        {
            var node = new TreeNode(0, each.Shard);
            if (!tree.Contains(node))
            {
                continue;
            }

            int depth = _nodes.Count;
            int merges = 0;
            node = tree.Lift(node);
            while (_nodes.Count > 0 && node != tree.Root && _nodes[^1] == ReductionTree.Sibling(node))
            {
                node = tree.Lift(ReductionTree.Parent(node));
                _nodes.RemoveAt(_nodes.Count - 1);
                merges++;
            }

            _nodes.Add(node);
            int rows = shards.RowsInStep(step, each.Shard);
            _leaves.Add(new ShardLeaf(each, rows, step, depth, merges));
            (Rows, Depth) = (Rows + rows, Math.Max(Depth, depth + 1));
        }
    }
}

/// <summary>The rows of a shard that a worker holds.</summary>
/// <param name="Shard">Logical shard.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Numbers">Index of each row in the training part, where dropout asks for it.</param>
internal sealed record HeldRows(int Shard, RowSet Rows, int[] Numbers);

/// <summary>A shard with rows in a step.</summary>
/// <param name="Held">Its rows.</param>
/// <param name="Rows">How many of them the step has.</param>
/// <param name="Step">The step within the epoch.</param>
/// <param name="Depth">Where the sum stands on the stack before its merges.</param>
/// <param name="Merges">Left siblings that it is merged with.</param>
internal readonly record struct ShardLeaf(HeldRows Held, int Rows, int Step, int Depth, int Merges);
