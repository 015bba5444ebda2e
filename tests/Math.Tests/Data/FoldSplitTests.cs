using System.Collections.Immutable;

using CsCheck;

using Xunit;

namespace Trainer.Data;

public sealed class FoldSplitTests : IDisposable
{
    private static readonly Gen<(int[] Rows, int Strata, int Folds, ulong Seed)> Splits =
        from strata in Gen.Int[1, 8]
        from folds in Gen.Int[2, 10]
        from rows in Gen.Int[0, strata - 1].Array[folds, 200]
        from seed in Gen.ULong
        select (rows, strata, folds, seed);

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Walk_AllFolds_TestEachRowOnceAndDifferByOneRow() => Splits.Sample(sample =>
    {
        ImmutableArray<int> strata =
            [.. Enumerable.Range(0, sample.Strata).Select(stratum => sample.Rows.Count(row => row == stratum))];
        int[,] tested = new int[sample.Folds, sample.Strata];
        int[] times = new int[sample.Rows.Length];
        for (int fold = 0; fold < sample.Folds; fold++)
        {
            var split = new DatasetSplit(strata, new FoldSplit(sample.Folds, fold, []), sample.Seed);
            DatasetSplit.Walk walk = split.Start();
            foreach ((int row, int stratum) in sample.Rows.Index())
            {
                Assert.True(walk.TryNext(stratum, out (DataPart Part, int Index) place));
                Assert.NotEqual(DataPart.Validation, place.Part);
                int isTested = place.Part == DataPart.Test ? 1 : 0;
                times[row] += isTested;
                tested[fold, stratum] += isTested;
            }

            int inFold = Enumerable.Range(0, sample.Strata).Sum(stratum => tested[fold, stratum]);
            Assert.Equal(inFold, split.Rows(DataPart.Test));
            Assert.Equal(sample.Rows.Length - inFold, split.Rows(DataPart.Train));
            Assert.InRange(inFold, sample.Rows.Length / sample.Folds, (sample.Rows.Length / sample.Folds) + 1);
        }

        Assert.All(times, count => Assert.Equal(1, count));
        for (int stratum = 0; stratum < sample.Strata; stratum++)
        {
            int[] counts = [.. Enumerable.Range(0, sample.Folds).Select(fold => tested[fold, stratum])];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    });

    [Theory]
    [InlineData("row,fold\n0,1\n1,2\n2,1\n")] // from 0
    [InlineData("row,fold\n3,7\n2,9\n1,7\n")] // from 1, any order, any numbers
    [InlineData("fold,note,row\n4,a,1\n5,b,2\n4,c,3\n")] // other columns
    public void Read_File_HasTheFoldOfEachRow(string text) =>
        Assert.Equal([0, 1, 0], FoldSplit.Read(_folder.Csv(text), Stop));

    [Theory]
    [InlineData("row,fold\n0,1\n0,2\n", "'x.csv' row 2 (line 3), column 'row': 0 stands there for the second time")]
    [InlineData("row,fold\n0,1\n1,x\n", "'x.csv' row 2 (line 3), column 'fold': 'x' is no whole number from 0 on.")]
    [InlineData("row,fold\n0,1\n-1,2\n", "'x.csv' row 2 (line 3), column 'row': '-1' is no whole number")]
    [InlineData("row,fold\n0,1\n2,2\n", "Fold file 'x.csv' has 2 rows, but none for row 1; ")]
    [InlineData("row,fold\n5,1\n6,2\n", "Fold file 'x.csv' has 2 rows, but none for row 1; ")]
    [InlineData("row,fold\n0,1\n1,1\n", "Fold file 'x.csv' has a number of folds of 1; give it from 2 to 1000.")]
    [InlineData("line,fold\n0,1\n", "'x.csv' has no column 'row' for the rows of the folds; ")]
    public void Read_FileThatCannotBeUsed_SaysWhy(string text, string expected)
    {
        DataSource source = _folder.Csv(text);

        DataException error = Assert.Throws<DataException>(() => FoldSplit.Read(source, Stop));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FoldOfAFile_TestsItsRowsAndFitsOnTheOthers()
    {
        DataRequest request = Request("x,y\n1,0.5\n2,1.5\n30,2.5\n4,3.5\n") with { Stratify = false };

        DataPlan plan = Plan(request with { Fold = new FoldSplit(2, 1, [0, 0, 1, 0]) });

        var again = DataPlan.FromJson(plan.ToJson());
        IReadOnlyDictionary<DataPart, RowSet> rows = again.Load(
            new Dictionary<DataPart, int[]?> { [DataPart.Train] = null, [DataPart.Test] = null }, Stop);
        Assert.Equal([2.5f], rows[DataPart.Test].Targets);
        Assert.Equal([0.5f, 1.5f, 3.5f], rows[DataPart.Train].Targets);
        Assert.Equal(0, rows[DataPart.Train].Features.Sum(), 1e-6);
    }

    [Fact]
    public void Create_FileOfOtherLength_SaysBoth()
    {
        DataRequest request = Request("x,y\n1,0.5\n2,1.5\n3,2.5\n") with { Stratify = false };

        DataException error = Assert.Throws<DataException>(
            () => Plan(request with { Fold = new FoldSplit(2, 1, [0, 1]) }));

        Assert.Equal(
            "The file of split.folds has 2 rows, but 'x.csv' has 3; give each row a fold.", error.Message);
    }

    [Fact]
    public void Create_FileAndRowsWithoutTarget_Refuses()
    {
        DataRequest request = Request("x,y\n1,0.5\n2,\n3,2.5\n") with { Stratify = false };

        DataException error = Assert.Throws<DataException>(
            () => Plan(request with { Fold = new FoldSplit(2, 1, [0, 1, 1]) }));

        Assert.StartsWith("'x.csv' has rows without a target (1), ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MoreFoldsThanRows_SaysBoth()
    {
        DataRequest request = Request("x,y\n1,0.5\n2,1.5\n3,2.5\n");

        DataException error = Assert.Throws<DataException>(
            () => Plan(request with { Fold = new FoldSplit(4, 3, []) }));

        Assert.StartsWith("split.folds is 4, but 'x.csv' has 3 rows; ", error.Message, StringComparison.Ordinal);
    }

    private static DataPlan Plan(DataRequest request) => DataPlan.Create(request, Stop);

    private DataRequest Request(string text) => new(
        _folder.Csv(text),
        ["y"],
        [],
        [],
        [],
        Train: 1,
        Validation: 0,
        Test: 0,
        Stratify: true,
        Preprocessing.NumericScaling.Standardize,
        Output: null,
        Seed: 1);
}
