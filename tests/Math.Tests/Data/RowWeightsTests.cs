using Xunit;

namespace Trainer.Data;

public sealed class RowWeightsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Weights_AreRawAndNoFeature()
    {
        DataPlan plan = TempFolder.Plan(Request("x,w,y\n1,0.5,1.5\n2,3,2.5\n3,,\n5,0,4.5\n"));

        RowSet rows = TempFolder.Load(DataPlan.FromJson(plan.ToJson()), rows: [2, 0, 1]);

        Assert.Equal(["x"], plan.Pipeline.FeatureColumns);
        Assert.Equal([0f, 0.5f, 3f], rows.Weights);
        Assert.Equal([4.5f, 1.5f, 2.5f], rows.Targets);
    }

    [Fact]
    public void Load_PartsThatAreOnlyEvaluated_HaveNoWeights()
    {
        DataPlan plan = TempFolder.Plan(
            Request("x,w,y\n1,2,1.5\n2,3,2.5\n3,4,3.5\n5,6,4.5\n") with { Train = 0.5, Test = 0.5 });

        Assert.Equal(2, TempFolder.Load(plan).Weights.Length);
        Assert.Empty(TempFolder.Load(plan, DataPart.Test).Weights);
    }

    [Fact]
    public void Read_FileWithoutWeights_IsEvaluated()
    {
        DataPlan plan = TempFolder.Plan(Request("x,w,y\n1,0.5,1.5\n2,3,2.5\n"));

        RowSet rows = plan.Pipeline.Read(
            _folder.Csv("y,x\n7.5,4\n", "new.csv"), withTargets: true, TestContext.Current.CancellationToken);

        Assert.Equal([7.5f], rows.Targets);
        Assert.Equal(1f, rows.WeightOf(0));
    }

    [Fact]
    public void Create_TestSourceWithoutWeights_IsFine()
    {
        DataPlan plan = TempFolder.Plan(Request("x,w,y\n1,0.5,1.5\n2,3,2.5\n") with
        {
            TestSource = _folder.Csv("x,y\n1,2.5\n", "test.csv"),
        });

        Assert.Equal((2, 1), (plan.Rows(DataPart.Train), plan.Rows(DataPart.Test)));
    }

    [Fact]
    public void Create_ColumnOfAnArray_IsTheWeights()
    {
        // IDX: bytes (8), dimensions, sizes, values.
        byte[] array = [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6];
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 0];
        DataSource source = _folder.Bytes(array, "x.idx") with { Labels = _folder.Bytes(labels, "y.idx") };

        RowSet rows = TempFolder.Load(TempFolder.Plan(
            TempFolder.Request(source, targets: []) with { Weights = "column_2" }));

        Assert.Equal([2f, 4f, 6f], rows.Weights);
        Assert.Equal([1f, 3f, 5f], rows.Features);
    }

    [Theory]
    [InlineData("-1", "'x.csv' row 2 (line 3), column 'w': '-1' is no weight; data.weights needs 0 or a number from")]
    [InlineData("nan", "'x.csv' row 2 (line 3), column 'w': 'nan' is no weight; ")]
    [InlineData("", "'x.csv' row 2 (line 3), column 'w': '' is no weight; ")]
    [InlineData("inf", "'x.csv' row 2 (line 3), column 'w': 'inf' is no weight; ")]
    [InlineData("1e400", "'x.csv' row 2 (line 3), column 'w': '1e400' is no weight; ")]
    [InlineData("3e38", "'x.csv' row 2 (line 3), column 'w': '3e38' is no weight; ")]
    [InlineData("1e-12", "'x.csv' row 2 (line 3), column 'w': '1e-12' is no weight; ")]
    [InlineData("heavy", "'x.csv' row 2 (line 3), column 'w': 'heavy' is no weight; ")]
    [InlineData("0", "Column 'w' of 'x.csv' (data.weights) is 0 in all training rows; give at least one ")]
    public void Create_WeightThatIsNone_SaysWhere(string weight, string expected)
    {
        DataRequest request = Request($"x,w,y\n1,0,1.5\n2,{weight},2.5\n");

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weihgt", "'x.csv' has no column 'weihgt' for data.weights (did you mean 'weight'?); its columns ")]
    [InlineData("y", "Column 'y' of 'x.csv' is data.weights and also a target or in data.features.include; ")]
    [InlineData("x", "Column 'x' of 'x.csv' is data.weights and also a target or in data.features.include; ")]
    public void Create_ColumnThatCannotBe_SaysWhy(string column, string expected)
    {
        DataRequest request = Request("x,weight,y\n1,1,1.5\n2,1,2.5\n") with { Weights = column, Include = ["x"] };

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private DataRequest Request(string text) => TempFolder.Request(_folder.Csv(text)) with
    {
        Stratify = false,
        Weights = "w",
    };
}
