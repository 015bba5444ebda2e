using Trainer.Data;

namespace Trainer.Datasets;

/// <summary>Which rows a worker holds, and how one block of them falls apart into shards again. Pure.</summary>
internal static class ShardRows
{
    /// <summary>Training rows of logical shards, shard after shard.</summary>
    public static int[] Training(LogicalShards shards, IEnumerable<int> held) => [.. held.SelectMany(shards.RowsOf)];

    /// <summary>Rows of an evaluated part in some of its shards (numerics A7).</summary>
    /// <param name="rows">Rows N of the part.</param>
    /// <param name="held">The shards.</param>
    /// <param name="shards">V.</param>
    public static int[] Evaluation(int rows, IEnumerable<int> held, int shards) =>
        [.. held.SelectMany(shard => Evaluation(rows, shard, 1, shards))];

    /// <summary>Rows of an evaluated part in a range of its shards (numerics A7): contiguous, in file order.</summary>
    /// <param name="rows">Rows N of the part.</param>
    /// <param name="first">First shard.</param>
    /// <param name="count">Shards.</param>
    /// <param name="shards">V.</param>
    public static int[] Evaluation(int rows, int first, int count, int shards)
    {
        int begin = FirstRow(first, rows, shards);
        return [.. Enumerable.Range(begin, FirstRow(first + count, rows, shards) - begin)];
    }

    /// <summary>Splits rows that lie shard after shard, without a copy.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First shard.</param>
    /// <param name="counts">Rows of each shard.</param>
    public static Dictionary<int, RowSet> Split(RowSet rows, int first, IEnumerable<int> counts)
    {
        var result = new Dictionary<int, RowSet>();
        int begin = 0;
        foreach (int count in counts)
        {
            result.Add(first + result.Count, rows.Slice(begin, count));
            begin += count;
        }

        return result;
    }

    /// <summary>Rows of each evaluation shard in a range.</summary>
    public static IEnumerable<int> EvaluationCounts(int rows, int first, int count, int shards) =>
        Enumerable.Range(first, count)
            .Select(shard => FirstRow(shard + 1, rows, shards) - FirstRow(shard, rows, shards));

    // The smallest r with floor(r * V / N) >= shard, that is ceil(shard * N / V).
    private static int FirstRow(int shard, int rows, int shards) => (int)((((long)shard * rows) + shards - 1) / shards);
}
