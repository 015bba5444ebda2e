using System.Numerics;

using Trainer.Kernels;
using Trainer.Reduction;

namespace Trainer.Data;

/// <summary>
/// Which training row takes part in which step, in which logical shard, at which position (numerics A1).
/// </summary>
/// <remarks>
/// A pure function of (rows, batch size, count, seed, shuffle): never of the cluster. Slot k = step * B + position
/// holds training row <c>base[k]</c>, a seeded permutation; a shard owns the rows of its slots, and each epoch permutes
/// them among these. Safe for use by several threads.
/// </remarks>
public sealed class LogicalShards
{
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly Lazy<int[]> _base;
    private readonly EpochOrder?[] _orders;

    /// <summary>The shards of a job.</summary>
    /// <param name="rows">Training rows N, at least 1.</param>
    /// <param name="batchSize">Global batch B, 1..N.</param>
    /// <param name="count">V, a power of two, at most B.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="shuffle">False: row r goes to step r div B, position r mod B, in every epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public LogicalShards(int rows, int batchSize, int count, ulong seed, bool shuffle)
    {
        if (rows < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rows), rows, $"'rows' is {rows}; training needs at least 1 row.");
        }

        if (batchSize < 1 || batchSize > rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchSize),
                batchSize,
                $"'batchSize' is {batchSize}; allowed are 1 to the {rows} training rows.");
        }

        if (count > batchSize || !BitOperations.IsPow2(count))
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"'count' is {count}; it must be a power of two and at most the batch size {batchSize}.");
        }

        (Rows, BatchSize, Count, _seed, _shuffle) = (rows, batchSize, count, seed, shuffle);
        _base = new Lazy<int[]>(BasePermutation);
        _orders = new EpochOrder?[count];
    }

    /// <summary>V.</summary>
    public int Count { get; }

    /// <summary>The job's seed.</summary>
    public ulong Seed => _seed;

    /// <summary>Training rows N.</summary>
    public int Rows { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>Steps of an epoch: ceil(N / B).</summary>
    public int StepsPerEpoch => ((Rows - 1) / BatchSize) + 1;

    /// <summary>Rows of the batch of a step: B, or fewer in the last.</summary>
    /// <param name="step">Step within the epoch, from 0.</param>
    public int RowsInStep(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, StepsPerEpoch);
        return (int)Math.Min(BatchSize, Rows - ((long)step * BatchSize));
    }

    /// <summary>Rows of one shard in a step; may be 0 in the last step.</summary>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <param name="shard">Logical shard.</param>
    public int RowsInStep(int step, int shard)
    {
        RequireShard(shard);
        int first = FirstPosition(shard);
        return Math.Clamp(RowsInStep(step) - first, 0, FirstPosition(shard + 1) - first);
    }

    /// <summary>
    /// The training rows (indices in the training part) that a shard owns, in the order in which the shard stores them.
    /// </summary>
    /// <param name="shard">Logical shard.</param>
    public int[] RowsOf(int shard)
    {
        RequireShard(shard);
        int[] owned = new int[OwnedRows(shard)];
        int width = FirstPosition(shard + 1) - FirstPosition(shard);
        for (int i = 0; i < owned.Length; i++)
        {
            (int step, int position) = Math.DivRem(i, width);
            int slot = (step * BatchSize) + FirstPosition(shard) + position;
            owned[i] = _shuffle ? _base.Value[slot] : slot;
        }

        return owned;
    }

    /// <summary>The batch of a shard: indices into <see cref="RowsOf"/> in ascending position.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <param name="shard">Logical shard.</param>
    /// <param name="local">Receives the indices; its length is <see cref="RowsInStep(int, int)"/>.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void Sample(int epoch, int step, int shard, Span<int> local)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ThrowHelper.RequireEqualLengths(nameof(local), local.Length, "rows of the step", RowsInStep(step, shard));

        // All earlier steps are full, so the shard has taken its whole width in each.
        int first = step * (FirstPosition(shard + 1) - FirstPosition(shard));
        if (_shuffle)
        {
            Order(epoch, shard).AsSpan(first, local.Length).CopyTo(local);
            return;
        }

        for (int i = 0; i < local.Length; i++)
        {
            local[i] = first + i;
        }
    }

    /// <summary>The shard of row r of an evaluated part of N rows: floor(r * V / N), 64-bit.</summary>
    /// <param name="row">Row of the part, in file order.</param>
    /// <param name="rows">N.</param>
    /// <param name="count">V.</param>
    public static int ShardOfEvaluationRow(int row, int rows, int count) => (int)((long)row * count / rows);

    /// <summary>Shards with rows in a step: always the first ones, at least 1.</summary>
    /// <param name="step">Step within the epoch, from 0.</param>
    internal int OccupiedShards(int step) => (int)(((long)RowsInStep(step) - 1) * Count / BatchSize) + 1;

    /// <summary>Rows below a node of the reduction tree in a step.</summary>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <param name="node">A node of the tree over <see cref="Count"/> shards.</param>
    internal int RowsInStep(int step, TreeNode node)
    {
        int first = FirstPosition(node.Index << node.Level);
        return Math.Clamp(RowsInStep(step) - first, 0, FirstPosition((node.Index + 1) << node.Level) - first);
    }

    /// <summary>Rows that a shard owns.</summary>
    /// <param name="shard">Logical shard.</param>
    internal int OwnedRows(int shard)
    {
        int full = StepsPerEpoch - 1;
        return (full * (FirstPosition(shard + 1) - FirstPosition(shard))) + RowsInStep(full, shard);
    }

    // The smallest position j with floor(j * V / B) >= shard.
    private int FirstPosition(int shard) => (int)((((long)shard * BatchSize) + Count - 1) / Count);

    private int[] BasePermutation()
    {
        int[] rows = [.. Enumerable.Range(0, Rows)];
        new SeededRandom(_seed, RandomStream.Positions).Shuffle<int>(rows, 0);
        return rows;
    }

    // The last epoch asked for stays; the object never changes once published, so that threads can share it.
    private int[] Order(int epoch, int shard)
    {
        EpochOrder? held = Volatile.Read(ref _orders[shard]);
        if (held is null || held.Epoch != epoch)
        {
            int[] order = [.. Enumerable.Range(0, OwnedRows(shard))];
            new SeededRandom(_seed, RandomStream.Shuffle).Shuffle<int>(order, ((ulong)epoch << 32) | (uint)shard);
            held = new EpochOrder(epoch, order);
            Volatile.Write(ref _orders[shard], held);
        }

        return held.Order;
    }

    private void RequireShard(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Count);
    }

    private sealed record EpochOrder(int Epoch, int[] Order);
}
