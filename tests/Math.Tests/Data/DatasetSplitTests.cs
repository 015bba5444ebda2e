using System.Collections.Immutable;

using CsCheck;

using Xunit;

namespace Trainer.Data;

public sealed class DatasetSplitTests
{
    private static readonly Gen<double[]> Fractions =
        from train in Gen.Int[1, 100]
        from validation in Gen.Int[0, 100 - train]
        select (double[])[train / 100.0, validation / 100.0, (100 - train - validation) / 100.0];

    private static readonly Gen<(int[] Rows, int Strata, double[] Fractions, ulong Seed)> Splits =
        from strata in Gen.Int[1, 12]
        from rows in Gen.Int[0, strata - 1].Array[0, 400]
        from fractions in Fractions
        from seed in Gen.ULong
        select (rows, strata, fractions, seed);

    [Fact]
    public void Walk_AnySplit_EachRowInOnePartInFileOrder() => Splits.Sample(sample =>
    {
        var split = new DatasetSplit(Count(sample.Rows, sample.Strata), sample.Fractions, sample.Seed);
        int[] next = new int[3];

        foreach ((DataPart part, int index) in Places(split, sample.Rows))
        {
            // Indices of a part count up with the rows of the file: complete, disjoint, in order.
            Assert.Equal(next[(int)part]++, index);
        }

        Assert.Equal(next, Enum.GetValues<DataPart>().Select(part => split.Rows(part)));
        Assert.Equal(sample.Rows.Length, next.Sum());
    });

    [Fact]
    public void Walk_AnySplit_KeepsSharesWithinOneRow() => Splits.Sample(sample =>
    {
        ImmutableArray<int> counts = Count(sample.Rows, sample.Strata);
        var split = new DatasetSplit(counts, sample.Fractions, sample.Seed);
        int[,] actual = new int[sample.Strata, 3];

        foreach (((DataPart part, _), int stratum) in Places(split, sample.Rows).Zip(sample.Rows))
        {
            actual[stratum, (int)part]++;
        }

        for (int stratum = 0; stratum < sample.Strata; stratum++)
        {
            for (int part = 0; part < 3; part++)
            {
                double share = sample.Fractions[part] * counts[stratum];
                Assert.InRange(Math.Abs(actual[stratum, part] - share), 0, 1 - 1e-9);
            }
        }
    });

    [Fact]
    public void Rows_ManySmallClasses_KeepTheTotals()
    {
        var split = new DatasetSplit([.. Enumerable.Repeat(1, 100)], [0.7, 0.15, 0.15], 1);

        Assert.Equal([70, 15, 15], Enum.GetValues<DataPart>().Select(part => split.Rows(part)));
    }

    [Fact]
    public void Rows_WholeShares_AreExact()
    {
        // 0.29 * 100 is below 29 in double.
        var split = new DatasetSplit([100, 100], [0.29, 0.57, 0.14], 1);

        Assert.Equal([58, 114, 28], Enum.GetValues<DataPart>().Select(part => split.Rows(part)));
    }

    [Fact]
    public void Walk_SameSeed_SameSplit_OtherSeed_Other()
    {
        int[] rows = new int[1000];

        Assert.Equal(Walk(7), Walk(7));
        Assert.NotEqual(Walk(7), Walk(8));

        List<(DataPart Part, int Index)> Walk(ulong seed) =>
            Places(new DatasetSplit([1000], [0.7, 0.15, 0.15], seed), rows);
    }

    [Fact]
    public void Walk_AnyRow_TrainsAsOftenAsItsShare()
    {
        const int Seeds = 2000;
        int[] rows = new int[10];
        int[] trained = new int[10];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            List<(DataPart Part, int Index)> places = Places(new DatasetSplit([10], [0.6, 0.2, 0.2], seed), rows);
            for (int row = 0; row < 10; row++)
            {
                trained[row] += places[row].Part == DataPart.Train ? 1 : 0;
            }
        }

        // Five standard deviations of a binomial count.
        Assert.All(trained, count => Assert.InRange(count, (0.6 * Seeds) - 110, (0.6 * Seeds) + 110));
    }

    [Fact]
    public void TryNext_MoreRowsThanPlanned_IsFalse()
    {
        DatasetSplit.Walk walk = new DatasetSplit([1], [1, 0, 0], 0).Start();

        Assert.True(walk.TryNext(0, out _));
        Assert.False(walk.TryNext(0, out _));
    }

    private static ImmutableArray<int> Count(int[] rows, int strata) =>
        [.. Enumerable.Range(0, strata).Select(stratum => rows.Count(row => row == stratum))];

    private static List<(DataPart Part, int Index)> Places(DatasetSplit split, int[] rows)
    {
        DatasetSplit.Walk walk = split.Start();
        List<(DataPart Part, int Index)> places = [];
        foreach (int stratum in rows)
        {
            Assert.True(walk.TryNext(stratum, out (DataPart Part, int Index) place));
            places.Add(place);
        }

        return places;
    }
}
