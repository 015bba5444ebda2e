using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Reduction;

namespace Trainer.Training;

/// <summary>
/// One partition of the parameters: combines tree nodes, multiplies once by 1/W, updates (numerics A3, A4).
/// </summary>
/// <remarks>
/// Pure: no clock, no Orleans. The parameter-server grain and <see cref="TrainingLoop"/> both drive it. One caller at a
/// time.
/// </remarks>
public sealed class PartitionServer : IPartitionSession
{
    private readonly ParameterLayout _layout;
    private readonly ParameterRange _range;
    private readonly LogicalShards _shards;
    private readonly IOptimizer _optimizer;
    private readonly IComputeTeam _team;
    private readonly ParameterPasses _passes;
    private readonly GradientNorm _norm;
    private readonly bool _skips;

    // The sums of the step at hand, no two of which overlap; a sum in memory of this server may be added to.
    private readonly Dictionary<TreeNode, Sum> _sums = [];
    private readonly Stack<float[]> _free = [];
    private Memory<float> _weights;
    private Memory<float> _spare;
    private float[]? _mean;
    private int _step;

    /// <summary>A partition with freshly initialised weights.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="range">The partition: whole blocks of the layout.</param>
    /// <param name="initialization">How initial weights are drawn.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="optimizer">The optimizer's hyper-parameters.</param>
    /// <param name="shards">The job's logical shards.</param>
    /// <param name="team">The compute threads it may use; null: the calling one.</param>
    public PartitionServer(
        MlpArchitecture architecture,
        ParameterRange range,
        WeightInitialization initialization,
        ulong seed,
        OptimizerSettings optimizer,
        LogicalShards shards,
        IComputeTeam? team = null)
        : this(architecture, range, initialization, seed, optimizer, shards, team, ParameterPasses.TileLength)
    {
    }

    /// <summary>A partition that shares also smaller ranges with its team.</summary>
    internal PartitionServer(
        MlpArchitecture architecture,
        ParameterRange range,
        WeightInitialization initialization,
        ulong seed,
        OptimizerSettings optimizer,
        LogicalShards shards,
        IComputeTeam? team,
        int tileLength)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(shards);
        _layout = new ParameterLayout(architecture);
        ThrowHelper.RequireRange(nameof(range), range.Offset, range.Length, _layout.Length);
        (_range, _shards) = (range, shards);
        (_norm, ClipNorm, _skips) = (new GradientNorm(_layout), optimizer.ClipNorm, optimizer.SkipNonFinite);
        _team = team ?? SerialTeam.Instance;
        _passes = new ParameterPasses(_team, range.Length, _team.Size > 1 ? tileLength : int.MaxValue);
        _optimizer = optimizer.Create(_layout, range);
        (_weights, _spare) = (AlignedMemory.Allocate(range.Length), AlignedMemory.Allocate(range.Length));
        WeightInitializer.Fill(_layout, initialization, seed, range, _weights.Span);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <inheritdoc/>
    public long Version { get; private set; }

    /// <inheritdoc/>
    public double? ClipNorm { get; }

    /// <inheritdoc/>
    public bool NeedsNorms => ClipNorm is not null || _skips;

    /// <inheritdoc/>
    public bool Add(long version, int step, GradientNode node)
    {
        if (version < Version)
        {
            return false;
        }

        if (version > Version || (_sums.Count > 0 && step != _step))
        {
            string begun = _sums.Count > 0 ? $", step {_step} of its epoch" : "";
            throw new ArgumentException(
                $"The partition is at version {Version}{begun}; a gradient of version {version}, step {step} came. "
                + "Only gradients of the step at hand can be added.",
                nameof(version));
        }

        var tree = new ReductionTree(_shards.Count, _shards.OccupiedShards(step));
        RequireNode(tree, step, node);
        _step = step;
        Insert(tree, tree.Lift(node.Node), new Sum(node.Gradient, null, node.Loss, node.RowCount, node.WeightSum));
        return _sums.ContainsKey(tree.Root);
    }

    /// <inheritdoc/>
    public NormNode[] NormNodes() => _norm.Nodes(_range, Mean(Root()), _team);

    /// <inheritdoc/>
    public double[] MeanSquares()
    {
        Sum root = Root();
        if (NeedsNorms)
        {
            return _norm.BlockSquares(_range, Mean(root), team: _team);
        }

        // The sum itself is left as it is: without clipping it is the optimizer that divides.
        return _norm.BlockSquares(_range, root.Gradient, MeanScale(root.WeightSum), _team);
    }

    /// <inheritdoc/>
    public StepOutcome Update(float learningRate, params IReadOnlyList<NormNode> norms)
    {
        Sum root = Root();
        string? nonFinite = double.IsFinite(root.Loss) ? NonFiniteGradient(root, norms) : StepOutcome.Loss;
        bool isSkipped = _skips && nonFinite is not null;
        if (isSkipped)
        {
            Version++;
        }
        else
        {
            nonFinite ??= Apply(root, norms, learningRate);
        }

        if (_mean is not null && _mean != root.Owned)
        {
            _free.Push(_mean);
        }

        Recycle(root);
        _sums.Clear();
        _mean = null;
        return isSkipped
            ? new StepOutcome(0, root.RowCount, 0, null) { Skipped = nonFinite }
            : new StepOutcome(root.Loss, root.RowCount, root.WeightSum, nonFinite);
    }

    /// <inheritdoc/>
    public PartitionState Capture() => new(Version, _weights.ToArray(), _optimizer.Capture());

    /// <inheritdoc/>
    public void Restore(PartitionState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _optimizer.Restore(state.Optimizer);
        SetWeights(state.Weights.Span);
        Version = state.Version;
    }

    /// <inheritdoc/>
    public void SetWeights(ReadOnlySpan<float> weights)
    {
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, "weights of the partition", _range.Length);
        foreach (Sum sum in _sums.Values)
        {
            Recycle(sum);
        }

        _sums.Clear();
        _mean = null;
        (_weights, _spare) = (AlignedMemory.Allocate(_range.Length), AlignedMemory.Allocate(_range.Length));
        weights.CopyTo(_weights.Span);
    }

    /// <summary>
    /// Whether an update may follow the gradient range by range: nothing of the step has come, and no norm is needed.
    /// </summary>
    internal bool TakesRanges => !NeedsNorms && _sums.Count == 0;

    /// <summary>Begins an update range by range; without a row that counts there is none.</summary>
    /// <param name="root">The sums of the step; its gradient is not read.</param>
    /// <param name="learningRate">Rate of this step.</param>
    /// <returns>Null, or what is NaN or infinite already.</returns>
    internal string? BeginRanges(in GradientNode root, float learningRate)
    {
        if (!double.IsFinite(root.Loss))
        {
            return StepOutcome.Loss;
        }

        if (root.WeightSum != 0)
        {
            _optimizer.Begin(MeanScale(root.WeightSum), learningRate);
        }

        return null;
    }

    /// <summary>Updates a range in the spare weights; several threads may update ranges apart.</summary>
    /// <param name="first">First parameter of the range.</param>
    /// <param name="gradient">Its sum over all rows.</param>
    /// <returns>False when a new weight is NaN or infinite.</returns>
    internal bool UpdateRange(int first, ReadOnlySpan<float> gradient) => _optimizer.Update(
        first,
        _weights.Span.Slice(first, gradient.Length),
        gradient,
        _spare.Span.Slice(first, gradient.Length));

    /// <summary>Publishes the weights after all ranges.</summary>
    /// <param name="root">The sums of the step.</param>
    internal void EndRanges(in GradientNode root) => Publish(changed: root.WeightSum != 0);

    /// <summary>Names the first tensor that is not finite after an update.</summary>
    /// <param name="gradient">The sum over all rows.</param>
    /// <param name="scale">What the optimizer multiplied it by.</param>
    internal string NameNonFinite(ReadOnlySpan<float> gradient, float scale)
    {
        // A gradient that is not finite makes its weight so, too: looked for only then.
        int at = ElementwiseKernels.IndexOfNonFinite(gradient, scale);
        at = at < 0 ? ElementwiseKernels.IndexOfNonFinite(_spare.Span) : at;
        return _layout.TensorName(_range.Offset + at);
    }

    /// <summary>One multiplication by the binary32 of 1/W; without weights W is the number of rows.</summary>
    internal static float MeanScale(double weightSum) => weightSum == 0 ? 1f : (float)(1 / weightSum);

    /// <summary>Nothing to give back: all memory is managed.</summary>
    public void Dispose()
    {
    }

    private void RequireNode(in ReductionTree tree, int step, GradientNode node)
    {
        if (!tree.Contains(node.Node))
        {
            throw new ArgumentException(
                $"{node.Node} covers no rows of step {step}; allowed are nodes over its first "
                + $"{_shards.OccupiedShards(step)} of {_shards.Count} logical shards.",
                nameof(node));
        }

        ThrowHelper.RequireEqualLengths(
            "gradient", node.Gradient.Length, "weights of the partition", _range.Length);
        int rows = _shards.RowsInStep(step, node.Node);
        if (node.RowCount != rows)
        {
            throw new ArgumentException(
                $"{node.Node} has {rows} rows in step {step}; a gradient over {node.RowCount} came.", nameof(node));
        }
    }

    // Two nodes either lie one in the other or apart. What is covered already is ignored; what a larger node covers
    // gives way to it.
    private void Insert(in ReductionTree tree, TreeNode node, Sum sum)
    {
        foreach (TreeNode held in _sums.Keys)
        {
            if (ReductionTree.Covers(held, node))
            {
                return;
            }

            if (ReductionTree.Covers(node, held))
            {
                Recycle(_sums[held]);
                _sums.Remove(held);
            }
        }

        while (node != tree.Root && _sums.Remove(ReductionTree.Sibling(node), out Sum sibling))
        {
            sum = ReductionTree.IsLeft(node) ? Combine(sum, sibling) : Combine(sibling, sum);
            node = tree.Lift(ReductionTree.Parent(node));
        }

        _sums.Add(node, sum);
    }

    // left + right, one rounded addition an element. IEEE addition commutes, so either memory may take the sum.
    private Sum Combine(in Sum left, in Sum right)
    {
        float[] target;
        if (left.Owned is not null)
        {
            target = left.Owned;
            _passes.Add(target, right.Gradient);
            Recycle(right);
        }
        else if (right.Owned is not null)
        {
            target = right.Owned;
            _passes.Add(target, left.Gradient);
        }
        else
        {
            target = CopyOf(left.Gradient);
            _passes.Add(target, right.Gradient);
        }

        return new Sum(
            target,
            target,
            left.Loss + right.Loss,
            left.RowCount + right.RowCount,
            left.WeightSum + right.WeightSum);
    }

    private Sum Root() => _sums.TryGetValue(new ReductionTree(_shards.Count, 1).Root, out Sum root)
        ? root
        : throw new InvalidOperationException(
            $"The step of version {Version} is not complete; add the gradients of all its shards before the update.");

    // The root stays among the sums until the update, so that what comes again is still ignored.
    private float[] Mean(in Sum root)
    {
        if (_mean is null)
        {
            _mean = root.Owned ?? CopyOf(root.Gradient);
            _passes.Scale(_mean, MeanScale(root.WeightSum));
        }

        return _mean;
    }

    // Known before the update only where all partitions share their norms.
    private string? NonFiniteGradient(in Sum root, IReadOnlyList<NormNode> norms)
    {
        if (!NeedsNorms || root.WeightSum == 0 || double.IsFinite(_norm.Norm(norms)))
        {
            return null;
        }

        // Another partition's gradient where this one's is finite: its server names the tensor.
        int first = ElementwiseKernels.IndexOfNonFinite(Mean(root));
        return first < 0 ? StepOutcome.Gradient : _layout.TensorName(_range.Offset + first);
    }

    private string? Apply(in Sum root, IReadOnlyList<NormNode> norms, float learningRate)
    {
        if (root.WeightSum == 0)
        {
            Publish(changed: false);
            return null;
        }

        // Where no norm is needed the multiplication by 1/W is the optimizer's.
        ReadOnlyMemory<float> gradient = NeedsNorms ? Mean(root) : root.Gradient;
        float scale = ClipNorm is { } largest ? GradientNorm.Scale(_norm.Norm(norms), largest)
            : NeedsNorms ? 1f
            : MeanScale(root.WeightSum);

        if (_passes.Step(_optimizer, _weights, gradient, scale, learningRate, _spare))
        {
            Publish(changed: true);
            return null;
        }

        return NameNonFinite(gradient.Span, scale);
    }

    // Where no row counts nothing changes; the step is done all the same.
    private void Publish(bool changed)
    {
        (_weights, _spare) = changed ? (_spare, _weights) : (_weights, _spare);
        Version++;
    }

    private float[] CopyOf(ReadOnlyMemory<float> gradient)
    {
        float[] copy = _free.TryPop(out float[]? free) ? free : new float[_range.Length];
        _passes.Copy(gradient, copy);
        return copy;
    }

    private void Recycle(in Sum sum)
    {
        if (sum.Owned is not null)
        {
            _free.Push(sum.Owned);
        }
    }

    // Owned: the gradient's memory where it is this server's, else null.
    private readonly record struct Sum(
        ReadOnlyMemory<float> Gradient, float[]? Owned, double Loss, int RowCount, double WeightSum);
}
