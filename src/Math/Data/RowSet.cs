using System.Runtime.CompilerServices;

using Trainer.Kernels;

namespace Trainer.Data;

/// <summary>Rows in memory, ready for the core: a view that shares the memory of other sets of the same rows.</summary>
/// <remarks>Safe for use by several threads: nothing changes after construction.</remarks>
public sealed class RowSet
{
    private readonly RowBlock[] _blocks;
    private readonly int[] _starts;

    // Which rows of the blocks, counted through; null: all, in their order.
    private readonly int[]? _rows;
    private readonly int _first;

    /// <summary>Rows of their own.</summary>
    /// <param name="count">Rows n.</param>
    /// <param name="featureCount">Features I.</param>
    /// <param name="targetWidth">
    /// Values a row in <paramref name="targets"/>: outputs of a regression, else 1; 0 for rows without targets.
    /// </param>
    /// <param name="features">Row-major [n, I].</param>
    /// <param name="targets">
    /// Row-major [n, targetWidth]: values, 0/1 for a sigmoid unit (1 = positive), or the class index for softmax.
    /// </param>
    /// <param name="weights">Weight of each row in training, [n]; null or empty: all weigh 1.</param>
    /// <exception cref="ArgumentException">An array has another length.</exception>
    public RowSet(
        int count, int featureCount, int targetWidth, float[] features, float[] targets, float[]? weights = null)
        : this(new RowBlock(count, new FloatRows(features, featureCount), targetWidth, targets, weights ?? []))
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        ThrowHelper.RequireEqualLengths(nameof(features), features.Length, "rows x features", count * featureCount);
        ThrowHelper.RequireEqualLengths(nameof(targets), targets.Length, "rows x targets", count * targetWidth);
        if (weights?.Length > 0)
        {
            ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, nameof(count), count);
        }
    }

    /// <summary>All rows of a block.</summary>
    internal RowSet(RowBlock block)
        : this([block], null, 0, block.Count)
    {
    }

    private RowSet(RowBlock[] blocks, int[]? rows, int first, int count)
    {
        (_blocks, _rows, _first, Count) = (blocks, rows, first, count);
        _starts = new int[blocks.Length];
        for (int i = 1; i < blocks.Length; i++)
        {
            _starts[i] = checked(_starts[i - 1] + blocks[i - 1].Count);
        }
    }

    /// <summary>Rows n.</summary>
    public int Count { get; }

    /// <summary>Features I.</summary>
    public int FeatureCount => _blocks[0].Features.Width;

    /// <summary>Values a row in the targets.</summary>
    public int TargetWidth => _blocks[0].TargetWidth;

    /// <summary>Whether rows have weights of their own.</summary>
    public bool IsWeighted => _blocks[0].Weights.Length > 0;

    /// <summary>Bytes of the features that it shares, also of rows that are not in it.</summary>
    internal long FeatureBytes => _blocks.Sum(block => block.Features.Bytes);

    /// <summary>All rows of several sets, one set after the other; shares their memory.</summary>
    /// <param name="sets">The sets, at least 1, of the same features and targets.</param>
    public static RowSet Join(IReadOnlyList<RowSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 1)
        {
            return sets[0];
        }

        int[] rows = new int[sets.Sum(set => set.Count)];
        int filled = 0;
        int start = 0;
        foreach (RowSet set in sets)
        {
            for (int row = 0; row < set.Count; row++)
            {
                rows[filled++] = start + set.Place(row);
            }

            start += set._blocks.Sum(block => block.Count);
        }

        return Of([.. sets.SelectMany(set => set._blocks)], rows);
    }

    /// <summary>Some rows, in any order; shares the memory of this set.</summary>
    /// <param name="indices">The rows.</param>
    public RowSet Select(ReadOnlySpan<int> indices)
    {
        int[] rows = indices.ToArray();
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Place(rows[i]);
        }

        return Of(_blocks, rows);
    }

    /// <summary>Consecutive rows; shares the memory of this set.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows.</param>
    public RowSet Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        return new RowSet(_blocks, _rows, _first + first, count);
    }

    /// <summary>The features of a row, [I].</summary>
    /// <param name="row">The row.</param>
    /// <param name="scratch">Room for I floats, which the result may lie in.</param>
    public ReadOnlySpan<float> FeaturesOf(int row, Span<float> scratch)
    {
        RowBlock block = Find(ref row);
        return block.Features.Row(row, scratch);
    }

    /// <summary>The targets of a row, [<see cref="TargetWidth"/>].</summary>
    /// <param name="row">The row.</param>
    public ReadOnlySpan<float> TargetsOf(int row)
    {
        RowBlock block = Find(ref row);
        return block.Targets.AsSpan(row * block.TargetWidth, block.TargetWidth);
    }

    /// <summary>Weight of a row in training.</summary>
    /// <param name="row">The row.</param>
    public float WeightOf(int row)
    {
        RowBlock block = Find(ref row);
        return block.Weights.Length == 0 ? 1f : block.Weights[row];
    }

    /// <summary>Puts the features of a row into their places in panels.</summary>
    /// <param name="row">The row.</param>
    /// <param name="panels">From the first place of the row on.</param>
    /// <param name="stride">Floats from panel to panel.</param>
    internal void Gather(int row, Span<float> panels, int stride)
    {
        RowBlock block = Find(ref row);
        block.Features.Gather(row, panels, stride);
    }

    // Consecutive rows need no list of them.
    private static RowSet Of(RowBlock[] blocks, int[] rows)
    {
        int first = rows.Length == 0 ? 0 : rows[0];
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] != first + i)
            {
                return new RowSet(blocks, rows, 0, rows.Length);
            }
        }

        return new RowSet(blocks, null, first, rows.Length);
    }

    // The block of a row, whose number becomes that within the block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RowBlock Find(ref int row)
    {
        int place = Place(row);
        int block = _starts.Length - 1;
        while (place < _starts[block])
        {
            block--;
        }

        row = place - _starts[block];
        return _blocks[block];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(int row)
    {
        if ((uint)row >= (uint)Count)
        {
            ThrowHelper.RequireRange(nameof(row), row, 1, Count);
        }

        return _rows is null ? _first + row : _rows[_first + row];
    }
}
