using CsCheck;

using Xunit;

namespace Trainer.Kernels;

public sealed class GradientTilesTests
{
    // Shards in ascending order; each merges with what is below it on the stack as often as its number says.
    [Fact]
    public void Run_ShardsInBlocks_EqualsLeavesAddedAlongTheTree()
    {
        var cases =
            from inputs in Gen.Int[1, 70]
            from outputs in Gen.Int[1, 70]
            from levels in Gen.Int[0, 4]
            from most in Gen.Int[1, 40]
            from rows in Gen.Int[1, most].Array[1 << levels]
            from capacity in Gen.OneOf(Gen.Int[1, 40], Gen.Int[41, 400])
            from seed in Gen.Int
            select (inputs, outputs, rows, capacity, seed);

        cases.Sample(
            each =>
            {
                (int inputs, int outputs, int[] rows, int capacity, int seed) = each;
                TestMatrix x = TestMatrix.Random(rows.Sum(), inputs, seed);
                TestMatrix d = TestMatrix.Random(rows.Sum(), outputs, seed + 1);

                float[] actual = InBlocks(x, d, rows, capacity);

                AssertBits.Equal(Naive(x, d, rows), actual);
            },
            iter: 200);
    }

    private static float[] InBlocks(TestMatrix x, TestMatrix d, int[] rows, int capacity)
    {
        (int inputs, int outputs) = (x.Columns, d.Columns);
        int weights = Panels.Length(inputs, outputs);
        float[][] sums =
            [.. Enumerable.Range(0, 6).Select(_ => new float[weights + Panels.Length(1, outputs)])];
        int first = 0;
        int shard = 0;
        int done = 0;
        while (shard < rows.Length)
        {
            List<GradientSegment> segments = [];
            int used = 0;
            while (used < capacity && shard < rows.Length)
            {
                int count = Math.Min(capacity - used, rows[shard] - done);
                bool ends = done + count == rows[shard];
                int merges = System.Numerics.BitOperations.TrailingZeroCount(shard + 1);
                int depth = System.Numerics.BitOperations.PopCount((uint)shard);
                segments.Add(new GradientSegment(used, count, depth, done > 0, ends ? merges : 0));
                used += count;
                (shard, done) = ends ? (shard + 1, 0) : (shard, done + count);
            }

            float[] block = Rows(x, first, used).ToPanels();
            float[] deltas = Rows(d, first, used).ToPanels();
            for (int panel = 0; panel < Panels.Count(outputs); panel++)
            {
                GradientTiles.Run(
                    block,
                    deltas,
                    new DenseShape(used, inputs, outputs),
                    panel,
                    segments.ToArray(),
                    sums,
                    panel * inputs * Panels.Width,
                    weights + (panel * Panels.Width));
            }

            first += used;
        }

        return sums[0];
    }

    private static TestMatrix Rows(TestMatrix matrix, int first, int count) =>
        TestMatrix.Create(count, matrix.Columns, (r, c) => matrix[first + r, c]);

    private static float[] Naive(TestMatrix x, TestMatrix d, int[] rows)
    {
        (TestMatrix Weights, TestMatrix Biases)[] level = new (TestMatrix, TestMatrix)[rows.Length];
        int first = 0;
        for (int shard = 0; shard < rows.Length; shard++)
        {
            (int start, int end) = (first, first + rows[shard]);
            level[shard] = (
                TestMatrix.Create(x.Columns, d.Columns, (i, o) =>
                {
                    float c = 0f;
                    for (int r = start; r < end; r++)
                    {
                        c = MathF.FusedMultiplyAdd(x[r, i], d[r, o], c);
                    }

                    return c;
                }),
                TestMatrix.Create(1, d.Columns, (_, o) =>
                {
                    float c = 0f;
                    for (int r = start; r < end; r++)
                    {
                        c += d[r, o];
                    }

                    return c;
                }));
            first = end;
        }

        while (level.Length > 1)
        {
            level =
            [
                .. level.Chunk(2).Select(pair =>
                    (Add(pair[0].Weights, pair[1].Weights), Add(pair[0].Biases, pair[1].Biases))),
            ];
        }

        return [.. level[0].Weights.ToPanels(), .. level[0].Biases.ToPanels()];
    }

    private static TestMatrix Add(TestMatrix left, TestMatrix right) =>
        TestMatrix.Create(left.Rows, left.Columns, (r, c) => left[r, c] + right[r, c]);
}
