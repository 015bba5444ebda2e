using System.Collections.Immutable;
using System.Runtime.InteropServices;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;

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
    private readonly ShardPlan _plan;

    // The training row of each row of the block at hand.
    private readonly (HeldRows Held, int Index)[] _samples;
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
        _plan = new ShardPlan(shards, _held);
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

    /// <summary>The network with the rows of the block at hand.</summary>
    internal Mlp Network => _network;

    /// <summary>The shards of the block at hand.</summary>
    internal ReadOnlySpan<GradientSegment> Segments => CollectionsMarshal.AsSpan(_segments);

    /// <summary>Sums on the stack at once.</summary>
    internal int StackDepth => _plan.Depth;

    /// <summary>Output panels of all layers: the tiles of a weight gradient.</summary>
    internal ReadOnlySpan<(int Layer, int Panel)> Tiles => _tiles;

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
        _plan.Make(step);
        _given.Clear();
        if (_plan.Leaves.Count == 0)
        {
            return [];
        }

        TakeSums();
        ComputeLeaves(epoch, sums: true);
        return GiveSums();
    }

    /// <summary>
    /// Deltas and losses of a step, for a caller that sums the gradients itself: <see cref="Network"/> and
    /// <see cref="Segments"/> say how.
    /// </summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <param name="root">The sums of the rows of all held shards, without a gradient.</param>
    /// <returns>
    /// False, and nothing is done, where the rows fill several blocks or their sum is no single node.
    /// </returns>
    internal bool TryComputeDeltas(int epoch, int step, out GradientNode root)
    {
        _plan.Make(step);
        root = default;
        if (_plan.Nodes.Count != 1 || _plan.Rows > Mlp.MaxRows)
        {
            return false;
        }

        RequireStack();
        ComputeLeaves(epoch, sums: false);
        root = new GradientNode(_plan.Nodes[0], default, _losses[0], _rowCounts[0], _weightSums[0]);
        return true;
    }

    /// <summary>Runs all <see cref="Tiles"/> on the team.</summary>
    /// <param name="tile">Computes one.</param>
    internal void RunTiles(Action<int> tile) => _network.Run(_tiles.Length, _network.Layout.ParameterCount, tile);

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

    private void RequireStack()
    {
        int depth = _plan.Depth;
        if (_sums.Length < depth)
        {
            (_sums, _losses, _rowCounts) = (new float[depth][], new double[depth], new int[depth]);
            _weightSums = new double[depth];
        }
    }

    // The sums that will be given away are fresh arrays; deeper ones are this worker's own, used again in each step.
    private void TakeSums()
    {
        RequireStack();
        int length = _network.Layout.Length;
        for (int i = 0; i < _plan.Depth; i++)
        {
            if (i < _plan.Nodes.Count)
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
        GradientNode[] nodes = _recycled && _givenNodes.Length == _plan.Nodes.Count
            ? _givenNodes
            : new GradientNode[_plan.Nodes.Count];
        (_givenNodes, _recycled) = (nodes, false);
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new GradientNode(_plan.Nodes[i], _sums[i], _losses[i], _rowCounts[i], _weightSums[i]);
            _sums[i] = [];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(nodes);
    }

    private void ComputeLeaves(int epoch, bool sums)
    {
        int leaf = 0;
        int done = 0;
        int remaining = _plan.Rows;
        while (remaining > 0)
        {
            int rows = Math.Min(remaining, Mlp.MaxRows);
            _segments.Clear();
            for (int row = 0; row < rows;)
            {
                ShardLeaf current = _plan.Leaves[leaf];
                int count = Math.Min(current.Rows - done, rows - row);
                Sample(epoch, current, done, row, count);
                bool ends = done + count == current.Rows;
                _segments.Add(new GradientSegment(row, count, current.Depth, done > 0, ends ? current.Merges : 0));
                row += count;
                (leaf, done) = ends ? (leaf + 1, 0) : (leaf, done + count);
            }

            ComputeDeltas(epoch, rows);
            if (sums)
            {
                RunTiles(_gradientTile);
            }

            remaining -= rows;
        }
    }

    private void Sample(int epoch, in ShardLeaf leaf, int first, int row, int count)
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

    private void ComputeDeltas(int epoch, int rows)
    {
        _epoch = epoch;
        _network.Begin(rows);
        _network.Run(
            (rows + GatheredRows - 1) / GatheredRows,
            GatherWork * _network.Layout.Layers[0].Inputs,
            _gatherTile);
        _network.ForwardAndBackward();
        SumLosses();
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
        _network.WeightGradient(index, panel, CollectionsMarshal.AsSpan(_segments), _sums.AsSpan(0, _plan.Depth));
    }

}
