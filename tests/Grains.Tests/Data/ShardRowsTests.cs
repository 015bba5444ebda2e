using CsCheck;

using Trainer.Data;

using Xunit;

namespace Trainer.Datasets;

public sealed class ShardRowsTests
{
    [Fact]
    public void Evaluation_AnyRowsAndShards_FollowsTheRuleOfShardNumbers() =>
        Gen.Select(Gen.Int[0, 500], Gen.Int[0, 6]).Sample((rows, level) =>
        {
            int shards = 1 << level;
            for (int shard = 0; shard < shards; shard++)
            {
                int[] expected =
                    [
                        .. Enumerable.Range(0, rows)
                            .Where(r => LogicalShards.ShardOfEvaluationRow(r, rows, shards) == shard),
                    ];
                Assert.Equal(expected, ShardRows.Evaluation(rows, shard, 1, shards));
                Assert.Equal([expected.Length], ShardRows.EvaluationCounts(rows, shard, 1, shards));
            }
        });

    [Fact]
    public void Split_RowsShardAfterShard_FallApartAgain()
    {
        var rows = new RowSet(5, 2, 1, [0, 1, 10, 11, 20, 21, 30, 31, 40, 41], [0, 1, 2, 3, 4]);

        Dictionary<int, RowSet> shards = ShardRows.Split(rows, first: 6, [2, 0, 3]);

        Assert.Equal([6, 7, 8], shards.Keys);
        Assert.Equal([10f, 11], shards[6].FeaturesOf(1, []));
        Assert.Equal([2, 0, 3], shards.Values.Select(shard => shard.Count));
        Assert.Equal([4f], shards[8].TargetsOf(2));
    }
}
