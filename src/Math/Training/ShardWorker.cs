using System.Collections.Immutable;
using System.Runtime.InteropServices;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Reduction;

namespace Trainer.Training;

/// <summary>
/// One worker's part of a step: the gradients of its logical shards, combined to maximal aligned subtrees.
/// </summary>
/// <remarks>
/// The rows of all held shards go through the network together, in blocks of at most <see cref="Mlp.MaxRows"/>. Each
/// output panel then runs through the shards in ascending order on a stack of sums: a shard's rows are one chain
/// (numerics A2), and a left sibling on top of the stack is merged at once (A3). One user at a time.
/// </remarks>
public sealed class ShardWorker : IShardSession
{
    // Rows that one thread copies at once.
    private const int GatheredRows = 16;

    // Copying a feature out of memory takes as long as some ten multiply-adds.
    private const long GatherWork = 10;

    private readonly LogicalShards _shards;
    private readonly Mlp _network;
    private readonly HeldRows[] _held;
    private readonly bool _drops;
    private readonly int[] _local;

    // The training row of each row of the block at hand.
    private readonly (HeldRows Held, int Index)[] _samples;
    private readonly List<Leaf> _leaves = [];
    private readonly List<TreeNode> _nodes = [];
    private readonly List<GradientSegment> _segments = [];
    private readonly List<float[]> _scratch = [];
    private readonly (int Layer, int Panel)[] _tiles;
    private readonly Action<int> _gatherTile;
    private readonly Action<int> _gradientTile;
    private int _epoch;

    // Whole gradients given away by the last call, and those that came back.
    private readonly List<float[]> _given = [];
    private readonly Stack<float[]> _free = [];
    private GradientNode[] _givenNodes = [];
    private bool _recycled;

    // The stack of sums: gradients, and beside them losses, rows and row weights.
    private float[][] _sums = [];
    private int _depth;
    private double[] _losses = [];
    private int[] _rowCounts = [];
    private double[] _weightSums = [];

    /// <summary>A worker over some of a job's logical shards.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="shards">The job's logical shards.</param>
    /// <param name="rows">
    /// For each held shard its training rows in the order of <see cref="LogicalShards.RowsOf"/>.
    /// </param>
    /// <param name="team">The compute threads it may use.</param>
    /// <param name="objective">What training minimises beyond the loss.</param>
    /// <exception cref="ArgumentException">The rows are not those of the shards, or do not fit the network.</exception>
    public ShardWorker(
        MlpArchitecture architecture,
        LogicalShards shards,
        IReadOnlyDictionary<int, RowSet> rows,
        IComputeTeam team,
        TrainingObjective objective)
        : this(architecture, shards, rows, team, objective, Mlp.SerialWork)
    {
    }

    /// <summary>A worker that shares also smaller products with its team.</summary>
    internal ShardWorker(
        MlpArchitecture architecture,
        LogicalShards shards,
        IReadOnlyDictionary<int, RowSet> rows,
        IComputeTeam team,
        TrainingObjective objective,
        long serialWork)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(objective);
        _shards = shards;
        _drops = objective.Dropout > 0;
        _held =
        [
            .. rows.OrderBy(pair => pair.Key).Select(pair => new HeldRows(
                pair.Key, pair.Value, _drops ? shards.RowsOf(pair.Key) : [])),
        ];
        foreach (HeldRows held in _held)
        {
            RequireRows(architecture, held);
        }

        // The first step is always full.
        int most = _held.Sum(held => shards.RowsInStep(0, held.Shard));
        DropoutMask? dropout = _drops ? new DropoutMask(objective.Dropout, shards.Seed) : null;
        _network = new Mlp(architecture, team, Math.Clamp(most, 1, Mlp.MaxRows), serialWork, dropout, objective);
        _local = new int[_held.Length == 0 ? 0 : _held.Max(held => shards.RowsInStep(0, held.Shard))];
        _samples = new (HeldRows, int)[Math.Clamp(most, 1, Mlp.MaxRows)];
        _tiles = TilesOf(_network.Layout, team.Size);
        (_gatherTile, _gradientTile) = (Gather, GradientTile);
    }

    /// <summary>Layout of the parameters.</summary>
    internal ParameterLayout Layout => _network.Layout;

    /// <summary>Logical shards held.</summary>
    internal int HeldShards => _held.Length;

    /// <summary>Whether all logical shards of the job are held.</summary>
    internal bool HoldsAll => _held.Length == _shards.Count;

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Weights
    {
        get => _network.Weights;
        set => _network.Weights = value;
    }

    /// <inheritdoc/>
    public void SetWeights(ParameterRange range, ReadOnlySpan<float> part) =>
        part.CopyTo(_network.OwnWeights().Slice(range.Offset, range.Length));

    /// <inheritdoc/>
    public ImmutableArray<GradientNode> ComputeGradients(int epoch, int step)
    {
        Plan(step);
        _given.Clear();
        if (_leaves.Count == 0)
        {
            return [];
        }

        TakeSums();
        ComputeLeaves(epoch);
        return GiveSums();
    }

    /// <inheritdoc/>
    public void Recycle()
    {
        foreach (float[] gradient in _given)
        {
            _free.Push(gradient);
        }

        _given.Clear();
        _recycled = true;
    }

    /// <summary>Nothing to give back: all memory is managed.</summary>
    public void Dispose()
    {
    }

    // In the order of the team's shares: each member sums the gradients of the panels whose outputs it computed, and of
    // every layer as many as the others.
    private static (int Layer, int Panel)[] TilesOf(ParameterLayout layout, int members) =>
    [
        .. from member in Enumerable.Range(0, members)
           from layer in Enumerable.Range(0, layout.Layers.Length)
           let panels = Panels.Count(layout.Layers[layer].Outputs)
           let first = member * panels / members
           from panel in Enumerable.Range(first, ((member + 1) * panels / members) - first)
           select (layer, panel),
    ];

    private void RequireRows(MlpArchitecture architecture, HeldRows held)
    {
        (int shard, RowSet rows, _) = held;
        int owned = _shards.OwnedRows(shard);
        if (rows.Count != owned)
        {
            throw new ArgumentException(
                $"Logical shard {shard} owns {owned} rows; {rows.Count} were given.", nameof(rows));
        }

        int targets = Mlp.TargetWidth(architecture);
        if (rows.FeatureCount != architecture.Inputs || rows.TargetWidth != targets)
        {
            throw new ArgumentException(
                $"The rows have {rows.FeatureCount} features and {rows.TargetWidth} targets; the network takes "
                + $"{architecture.Inputs} and {targets}.",
                nameof(rows));
        }
    }

    // Which shards have rows, at which depth of the stack each one's sum stands, and how many merges follow it.
    private void Plan(int step)
    {
        var tree = new ReductionTree(_shards.Count, _shards.OccupiedShards(step));
        _leaves.Clear();
        _nodes.Clear();
        foreach (HeldRows held in _held)
        {
            var node = new TreeNode(0, held.Shard);
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
            _leaves.Add(new Leaf(held, _shards.RowsInStep(step, held.Shard), step, depth, merges));
        }
    }

    // The sums that will be given away are fresh arrays; deeper ones are this worker's own, used again in each step.
    private void TakeSums()
    {
        int depth = 0;
        foreach (Leaf leaf in _leaves)
        {
            depth = Math.Max(depth, leaf.Depth + 1);
        }

        if (_sums.Length < depth)
        {
            (_sums, _losses, _rowCounts) = (new float[depth][], new double[depth], new int[depth]);
            _weightSums = new double[depth];
        }

        _depth = depth;
        int length = _network.Layout.Length;
        for (int i = 0; i < depth; i++)
        {
            if (i < _nodes.Count)
            {
                _sums[i] = _free.TryPop(out float[]? free) ? free : GC.AllocateUninitializedArray<float>(length);
                _given.Add(_sums[i]);
                continue;
            }

            while (_scratch.Count <= i)
            {
                _scratch.Add([]);
            }

            _sums[i] = _scratch[i].Length == length ? _scratch[i] : _scratch[i] = new float[length];
        }
    }

    private ImmutableArray<GradientNode> GiveSums()
    {
        GradientNode[] nodes = _recycled && _givenNodes.Length == _nodes.Count
            ? _givenNodes
            : new GradientNode[_nodes.Count];
        (_givenNodes, _recycled) = (nodes, false);
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new GradientNode(_nodes[i], _sums[i], _losses[i], _rowCounts[i], _weightSums[i]);
            _sums[i] = [];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(nodes);
    }

    private void ComputeLeaves(int epoch)
    {
        int leaf = 0;
        int done = 0;
        int remaining = 0;
        foreach (Leaf each in _leaves)
        {
            remaining += each.Rows;
        }

        while (remaining > 0)
        {
            int rows = Math.Min(remaining, Mlp.MaxRows);
            _segments.Clear();
            for (int row = 0; row < rows;)
            {
                Leaf current = _leaves[leaf];
                int count = Math.Min(current.Rows - done, rows - row);
                Sample(epoch, current, done, row, count);
                bool ends = done + count == current.Rows;
                _segments.Add(new GradientSegment(row, count, current.Depth, done > 0, ends ? current.Merges : 0));
                row += count;
                (leaf, done) = ends ? (leaf + 1, 0) : (leaf, done + count);
            }

            ComputeBlock(epoch, rows);
            remaining -= rows;
        }
    }

    private void Sample(int epoch, in Leaf leaf, int first, int row, int count)
    {
        Span<int> local = _local.AsSpan(0, leaf.Rows);
        _shards.Sample(epoch, leaf.Step, leaf.Held.Shard, local);
        foreach (int index in local.Slice(first, count))
        {
            _samples[row++] = (leaf.Held, index);
        }
    }

    private void Gather(int tile)
    {
        int end = Math.Min((tile + 1) * GatheredRows, _network.Rows);
        for (int row = tile * GatheredRows; row < end; row++)
        {
            (HeldRows held, int index) = _samples[row];
            if (_drops)
            {
                _network.SetSample(row, _epoch, held.Numbers[index]);
            }

            held.Rows.Gather(index, _network.Inputs(row), _network.Stride);
            _network.SetRow(row, held.Rows.TargetsOf(index), held.Rows.WeightOf(index));
        }
    }

    private void ComputeBlock(int epoch, int rows)
    {
        _epoch = epoch;
        _network.Begin(rows);
        _network.Run(
            (rows + GatheredRows - 1) / GatheredRows,
            GatherWork * _network.Layout.Layers[0].Inputs,
            _gatherTile);
        _network.ForwardAndBackward();
        SumLosses();
        _network.Run(_tiles.Length, _network.Layout.ParameterCount, _gradientTile);
    }

    // Losses and weights: binary32 a row, added in double in row order, then along the same tree (numerics A7).
    private void SumLosses()
    {
        foreach (GradientSegment segment in _segments)
        {
            int top = segment.Depth;
            double sum = segment.Continues ? _losses[top] : 0;
            double weights = segment.Continues ? _weightSums[top] : 0;
            for (int row = segment.FirstRow; row < segment.FirstRow + segment.RowCount; row++)
            {
                sum += _network.Losses[row];
                weights += _network.RowWeight(row);
            }

            _losses[top] = sum;
            _weightSums[top] = weights;
            _rowCounts[top] = segment.RowCount + (segment.Continues ? _rowCounts[top] : 0);
            for (int merge = 0; merge < segment.Merges; merge++, top--)
            {
                _losses[top - 1] += _losses[top];
                _rowCounts[top - 1] += _rowCounts[top];
                _weightSums[top - 1] += _weightSums[top];
            }
        }
    }

    // One output panel of one layer, through all shards of the block.
    private void GradientTile(int tile)
    {
        (int index, int panel) = _tiles[tile];
        _network.WeightGradient(index, panel, CollectionsMarshal.AsSpan(_segments), _sums.AsSpan(0, _depth));
    }

    // Numbers: index of each row in the training part, where dropout asks for it.
    private sealed record HeldRows(int Shard, RowSet Rows, int[] Numbers);

    // Depth: where the sum stands on the stack before its merges.
    private readonly record struct Leaf(HeldRows Held, int Rows, int Step, int Depth, int Merges);
}
