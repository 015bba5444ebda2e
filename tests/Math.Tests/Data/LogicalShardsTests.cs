using CsCheck;

using Trainer.Reduction;

using Xunit;

namespace Trainer.Data;

public sealed class LogicalShardsTests
{
    private static readonly Gen<LogicalShards> Any =
        from rows in Gen.Int[1, 300]
        from batch in Gen.Int[1, rows]
        from level in Gen.Int[0, 6]
        from seed in Gen.ULong
        from shuffle in Gen.Bool
        let count = Math.Min(1 << level, 1 << int.Log2(batch))
        select new LogicalShards(rows, batch, count, seed, shuffle);

    [Fact]
    public void Sample_AnyEpoch_TakesEveryRowExactlyOnce() => Any.Sample(shards =>
    {
        int[] taken = [.. Enumerable.Range(0, shards.StepsPerEpoch).SelectMany(step => Batch(shards, 2, step))];

        Assert.Equal(Enumerable.Range(0, shards.Rows), taken.Order());
    });

    [Fact]
    public void Sample_SeveralEpochs_ShardTakesItsOwnRowsOnly() => Any.Sample(shards =>
    {
        for (int shard = 0; shard < shards.Count; shard++)
        {
            int owned = shards.RowsOf(shard).Length;
            for (int epoch = 0; epoch < 3; epoch++)
            {
                int[] taken =
                [
                    .. Enumerable.Range(0, shards.StepsPerEpoch).SelectMany(step => Local(shards, epoch, step, shard)),
                ];

                Assert.Equal(Enumerable.Range(0, owned), taken.Order());
            }
        }
    });

    [Fact]
    public void RowsInStep_AnyStep_AreThePositionsOfTheRule() => Any.Sample(shards =>
    {
        for (int step = 0; step < shards.StepsPerEpoch; step++)
        {
            int rows = Math.Min(shards.BatchSize, shards.Rows - (step * shards.BatchSize));
            int[] byShard = new int[shards.Count];
            for (int position = 0; position < rows; position++)
            {
                byShard[position * shards.Count / shards.BatchSize]++;
            }

            Assert.Equal(rows, shards.RowsInStep(step));
            Assert.Equal(byShard, Enumerable.Range(0, shards.Count).Select(shard => shards.RowsInStep(step, shard)));
            Assert.Equal(byShard.Count(count => count > 0), shards.OccupiedShards(step));
        }
    });

    [Fact]
    public void OwnedRows_AnyShard_CountsRowsOf() => Any.Sample(shards => Assert.All(
        Enumerable.Range(0, shards.Count),
        shard => Assert.Equal(shards.RowsOf(shard).Length, shards.OwnedRows(shard))));

    [Fact]
    public void RowsInStep_Node_IsTheSumOfItsShards()
    {
        var shards = new LogicalShards(27, 19, 8, 1, true);

        Assert.Equal(19, shards.RowsInStep(0, new TreeNode(3, 0)));
        Assert.Equal(
            shards.RowsInStep(1, 2) + shards.RowsInStep(1, 3), shards.RowsInStep(1, new TreeNode(1, 1)));
        Assert.Equal(0, shards.RowsInStep(1, new TreeNode(2, 1)));
    }

    [Fact]
    public void Sample_NoShuffle_KeepsFileOrder()
    {
        var shards = new LogicalShards(23, 5, 4, 7, shuffle: false);

        for (int epoch = 0; epoch < 2; epoch++)
        {
            for (int step = 0; step < 5; step++)
            {
                Assert.Equal(Enumerable.Range(step * 5, step == 4 ? 3 : 5), Batch(shards, epoch, step));
            }
        }
    }

    [Fact]
    public void Sample_Shuffle_DiffersByEpochAndSeedAndIsRepeatable()
    {
        var shards = new LogicalShards(200, 50, 2, 7, shuffle: true);

        int[] first = Batch(shards, 0, 1);

        Assert.NotEqual(first, Batch(shards, 1, 1));
        Assert.Equal(first, Batch(shards, 0, 1));
        Assert.Equal(first, Batch(new LogicalShards(200, 50, 2, 7, true), 0, 1));
        Assert.NotEqual(first, Batch(new LogicalShards(200, 50, 2, 8, true), 0, 1));
    }

    [Fact]
    public void Sample_FixedSeed_GivesTheseRows()
    {
        // A change here changes every trained model: it needs a new kernel id.
        var shards = new LogicalShards(20, 8, 2, 42, shuffle: true);

        Assert.Equal([12, 7, 13, 10, 14, 8, 4, 15, 19, 16, 9, 17], shards.RowsOf(0));
        Assert.Equal([4, 12, 13, 14, 3, 0, 6, 2], Batch(shards, 1, 0));
        Assert.Equal([8, 19, 16, 15], Batch(shards, 1, 2));
    }

    [Theory]
    [InlineData(0, 1, 1, "'rows' is 0; training needs at least 1 row.")]
    [InlineData(5, 6, 1, "'batchSize' is 6; allowed are 1 to the 5 training rows.")]
    [InlineData(5, 0, 1, "'batchSize' is 0; allowed are 1 to the 5 training rows.")]
    [InlineData(9, 6, 3, "'count' is 3; it must be a power of two and at most the batch size 6.")]
    [InlineData(9, 6, 8, "'count' is 8; it must be a power of two and at most the batch size 6.")]
    [InlineData(9, 6, 0, "'count' is 0; it must be a power of two and at most the batch size 6.")]
    public void Constructor_BadValue_SaysWhatIsAllowed(int rows, int batch, int count, string message)
    {
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => new LogicalShards(rows, batch, count, 1, true));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_WrongLength_Throws() => Assert.Throws<ArgumentException>(
        () => new LogicalShards(9, 6, 2, 1, true).Sample(0, 0, 0, new int[4]));

    [Fact]
    public void RowsInStep_StepOutside_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new LogicalShards(9, 6, 2, 1, true).RowsInStep(2));

    [Fact]
    public void ShardOfEvaluationRow_ManyRows_DoesNotOverflow()
    {
        Assert.Equal(63, LogicalShards.ShardOfEvaluationRow(1_999_999_999, 2_000_000_000, 64));
        Assert.Equal([0, 0, 0, 1, 1], Enumerable.Range(0, 5).Select(r => LogicalShards.ShardOfEvaluationRow(r, 5, 2)));
    }

    private static int[] Local(LogicalShards shards, int epoch, int step, int shard)
    {
        int[] local = new int[shards.RowsInStep(step, shard)];
        shards.Sample(epoch, step, shard, local);
        return local;
    }

    // Training rows of a batch, in ascending position.
    private static int[] Batch(LogicalShards shards, int epoch, int step) =>
    [
        .. Enumerable.Range(0, shards.Count).SelectMany(shard =>
        {
            int[] owned = shards.RowsOf(shard);
            return Local(shards, epoch, step, shard).Select(i => owned[i]);
        }),
    ];
}
