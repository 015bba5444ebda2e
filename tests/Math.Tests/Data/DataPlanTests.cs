using CsCheck;

using Xunit;

using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Data;

public sealed class DataPlanTests : IDisposable
{
    private static readonly Lazy<DataPlan> Digits = new(() => TempFolder.Plan(DigitsRequest(42)));

    private readonly TempFolder _folder = new();

    [Fact]
    public void Create_Digits_Has1797RowsOf64PixelsInTenClasses()
    {
        DataPlan plan = Digits.Value;

        Assert.Equal((64, 10, OutputUnit.Softmax), (plan.Inputs, plan.Outputs, plan.OutputUnit));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], plan.Pipeline.ClassNames);
        Assert.Equal(1797, Enum.GetValues<DataPart>().Sum(part => plan.Rows(part)));
        Assert.InRange(plan.Rows(DataPart.Train), 1257, 1259);
        Assert.InRange(plan.Rows(DataPart.Test), 269, 271);
    }

    [Fact]
    public void Load_DigitsUnscaled_AreTheBytesOfTheFile()
    {
        DataPlan plan = TempFolder.Plan(DigitsRequest(0) with
        {
            Train = 1, Validation = 0, Test = 0, Numeric = NumericScaling.None,
        });

        RowSet rows = TempFolder.Load(plan);

        Assert.Equal((1797, 64, 1), (rows.Count, rows.FeatureCount, rows.TargetWidth));
        Assert.Equal([0, 0, 5, 13, 9, 1, 0, 0], rows.Features[..8]);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], rows.Targets[..10]);
        Assert.Equal(561_718, rows.Features.Sum());
        Assert.Equal(178, rows.Targets.Count(target => target == 0));
    }

    [Fact]
    public void Load_DigitsTrainingPart_HasMeanZeroAndVarianceOne()
    {
        RowSet rows = TempFolder.Load(Digits.Value);

        for (int column = 0; column < rows.FeatureCount; column++)
        {
            IEnumerable<float> features = rows.Features.Where((_, index) => index % rows.FeatureCount == column);
            double[] values = [.. features.Select(value => (double)value)];
            double variance = values.Average(value => value * value);
            Assert.Equal(0, values.Average(), 1e-6);
            Assert.True(variance == 0 || Math.Abs(variance - 1) < 1e-6, $"Column {column} has variance {variance}.");
        }
    }

    [Fact]
    public void Load_AnyRowsInAnyOrder_AreSlicesOfTheWhole()
    {
        DataPlan plan = DataPlan.FromJson(Digits.Value.ToJson());
        IReadOnlyDictionary<DataPart, RowSet> whole = plan.Load(
            Enum.GetValues<DataPart>().ToDictionary(part => part, _ => (int[]?)null), CancellationToken.None);

        (from train in Gen.Int[0, plan.Rows(DataPart.Train) - 1].Array[0, 50]
         from test in Gen.Int[0, plan.Rows(DataPart.Test) - 1].Array[0, 50]
         select (train, test)).Sample(
            sample =>
            {
                Dictionary<DataPart, int[]?> wanted = [];
                wanted[DataPart.Train] = sample.train;
                wanted[DataPart.Test] = sample.test;

                IReadOnlyDictionary<DataPart, RowSet> rows = plan.Load(wanted, CancellationToken.None);

                Assert.Equal(2, rows.Count);
                AssertSlice(whole[DataPart.Train], sample.train, rows[DataPart.Train]);
                AssertSlice(whole[DataPart.Test], sample.test, rows[DataPart.Test]);
            },
            iter: 20);
    }

    [Fact]
    public void Load_AllParts_HoldEveryRowOnceInFileOrder()
    {
        DataSource source = _folder.Counting(100, row => row % 3);
        DataPlan plan = TempFolder.Plan(TempFolder.Request(source) with { Train = 0.5, Validation = 0.3, Test = 0.2 });

        float[][] parts = [.. Enum.GetValues<DataPart>().Select(part => TempFolder.Load(plan, part).Features)];

        Assert.All(parts, part => Assert.Equal(part.Order(), part));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), parts.SelectMany(part => part).Order());
        Assert.Equal([50, 30, 20], parts.Select(part => part.Length));
    }

    [Fact]
    public void Load_RowOutsideThePart_Throws()
    {
        DataPlan plan = Digits.Value;
        int rows = plan.Rows(DataPart.Test);

        Assert.Throws<ArgumentOutOfRangeException>(() => TempFolder.Load(plan, DataPart.Test, [rows]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TempFolder.Load(plan, DataPart.Test, [-1]));
    }

    [Fact]
    public void Load_FileChangedWithTheSameSize_SaysSo()
    {
        DataSource source = _folder.Csv("a,y\n1,0\n2,1\n");
        DataPlan plan = TempFolder.Plan(TempFolder.Request(source));
        _folder.Csv("a,y\n1,0\n3,1\n");

        DataException error = Assert.Throws<DataException>(() => TempFolder.Load(plan));

        Assert.StartsWith(
            "Data 'x.csv' has changed since the job was planned (its SHA-256 differs)",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,y\n1,0\n2,7\n")] // another class
    [InlineData("a,y\n1,0\n2,0\n")] // more rows of one class
    [InlineData("b,y\n1,0\n2,1\n")] // another column
    [InlineData("a,y\n1,0\nx,1\n")] // no number
    [InlineData("a,y\n1,0,2,1\n\n")] // ragged
    public void Load_FileChangedBeyondUse_SaysChanged(string content)
    {
        DataSource source = _folder.Csv("a,y\n1,0\n2,1\n".PadRight(content.Length, '\n'));
        DataPlan plan = TempFolder.Plan(TempFolder.Request(source));
        _folder.Csv(content);

        DataException error = Assert.Throws<DataException>(() => TempFolder.Load(plan));

        Assert.Contains("has changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(
            () => Digits.Value.Load(new Dictionary<DataPart, int[]?>(), new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("b\na\nc\na\n", "a b c", OutputUnit.Softmax, 3)]
    [InlineData("yes\nno\n", "no yes", OutputUnit.Sigmoid, 1)]
    [InlineData("10\n9\n", "9 10", OutputUnit.Sigmoid, 1)]
    [InlineData("10\n9\n-1\n", "-1 9 10", OutputUnit.Softmax, 3)]
    [InlineData("1\n1.0\n 0 \n-0\n", "0 1", OutputUnit.Sigmoid, 1)]
    [InlineData("10\n9\nx\n", "10 9 x", OutputUnit.Softmax, 3)]
    [InlineData("nan\ninf\n1\nx\n", "1 inf nan x", OutputUnit.Softmax, 4)]
    [InlineData("0.5\n1\n", "", OutputUnit.Linear, 1)]
    [InlineData("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n", "", OutputUnit.Linear, 1)]
    [InlineData(
        "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n",
        "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
        OutputUnit.Softmax,
        20)]
    public void Create_Targets_DecideClasses(string targets, string classes, OutputUnit unit, int outputs)
    {
        string rows = string.Concat(targets.Split('\n')[..^1].Select((target, index) => $"{index},{target}\n"));

        DataPlan plan = TempFolder.Plan(TempFolder.Request(_folder.Csv($"a,y\n{rows}")));

        Assert.Equal(classes, string.Join(' ', plan.Pipeline.ClassNames));
        Assert.Equal((unit, outputs), (plan.OutputUnit, plan.Outputs));
    }

    [Fact]
    public void Create_OutputRequested_Decides()
    {
        DataSource source = _folder.Csv("a,y\n1,0.5\n2,1.5\n");

        Assert.Equal(2, TempFolder.Plan(TempFolder.Request(source, output: OutputUnit.Softmax)).Outputs);
        Assert.Equal(1, TempFolder.Plan(TempFolder.Request(source, output: OutputUnit.Sigmoid)).Outputs);
        Assert.Empty(TempFolder.Plan(TempFolder.Request(source, output: OutputUnit.Linear)).Pipeline.ClassNames);
    }

    [Fact]
    public void Create_MoreThan10000Numbers_IsARegression()
    {
        DataPlan plan = TempFolder.Plan(TempFolder.Request(_folder.Counting(10_002, row => row)));

        Assert.Equal((OutputUnit.Linear, 10_002), (plan.OutputUnit, plan.Rows(DataPart.Train)));
    }

    [Fact]
    public void Create_MoreThan10000Texts_SaysSo()
    {
        DataRequest request = TempFolder.Request(_folder.Counting(10_002, row => $"id{row}"));

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Contains("the target has more than 10000 classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralTargets_AreRowMajorAndUnscaled()
    {
        DataSource source = _folder.Csv("z,a,y\n1,2,3\n4,5,6\n");
        DataPlan plan = TempFolder.Plan(TempFolder.Request(source, ["y", "z"], NumericScaling.Standardize));

        RowSet rows = TempFolder.Load(plan);

        Assert.Equal((2, 2, OutputUnit.Linear), (plan.Outputs, rows.TargetWidth, plan.OutputUnit));
        Assert.Equal([3, 1, 6, 4], rows.Targets);
    }

    [Theory]
    [InlineData(new string[0], new string[0], "a,b,c")]
    [InlineData(new[] { "c", "a" }, new string[0], "a,c")]
    [InlineData(new string[0], new[] { "b", "y" }, "a,c")]
    [InlineData(new[] { "c", "a" }, new[] { "a" }, "c")]
    public void Create_Features_StayInFileOrder(string[] include, string[] exclude, string expected)
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,b,y,c\n1,2,0,3\n4,5,1,6\n"));

        DataPlan plan = TempFolder.Plan(request with { Include = [.. include], Exclude = [.. exclude] });

        Assert.Equal(expected, string.Join(',', plan.Pipeline.FeatureColumns));
    }

    [Fact]
    public void Create_ExcludedTextColumn_IsNotRead()
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,b,y\n1,x,0\n4,,1\n")) with { Exclude = ["b"] };

        Assert.Equal([1, 4], TempFolder.Load(TempFolder.Plan(request)).Features);
    }

    [Fact]
    public void Create_ListsNotSet_CountAsEmpty()
    {
        DataRequest request = new(
            Catalogue.Find("digits"), default, default, default, default, 1, 0, 0, true, NumericScaling.None, null, 0);

        DataPlan plan = TempFolder.Plan(request);

        Assert.Equal(plan.ToJson(), DataPlan.FromJson(plan.ToJson()).ToJson());
    }

    [Fact]
    public void ToJson_ReadBack_IsTheSameTextAndTheSameRows()
    {
        DataPlan plan = Digits.Value;

        DataPlan read = DataPlan.FromJson(plan.ToJson());

        Assert.Equal(plan.ToJson(), read.ToJson());
        Assert.Equal(TempFolder.Load(plan).Features, TempFolder.Load(read).Features);
        Assert.Equal(plan.Request, read.Request with
        {
            Targets = [], Include = [], Exclude = [], Columns = [],
        });
    }

    [Fact]
    public void ToJson_SamePlanTwice_IsTheSameText() =>
        Assert.Equal(Digits.Value.ToJson(), TempFolder.Plan(DigitsRequest(42)).ToJson());

    [Fact]
    public void ToJson_ManyRows_StaysSmall()
    {
        DataPlan plan = TempFolder.Plan(TempFolder.Request(_folder.Counting(20_000, row => row % 2)));

        Assert.InRange(plan.ToJson().Length, 1, 1000);
    }

    [Fact]
    public void Create_WithoutStratify_SplitsAllRowsAsOne()
    {
        DataRequest request = TempFolder.Request(_folder.Counting(100, row => row / 50)) with
        {
            Train = 0.5, Test = 0.5, Stratify = false,
        };

        DataPlan plan = TempFolder.Plan(request);

        Assert.Equal([50, 0, 50], Enum.GetValues<DataPart>().Select(part => plan.Rows(part)));
        float[] positives = [.. Enumerable.Range(1, 5).Select(seed => Positives(request with { Seed = (ulong)seed }))];
        Assert.Contains(positives, count => count != 25);
        Assert.All(positives, count => Assert.InRange(count, 10, 40));
        Assert.Equal(0, TempFolder.Load(plan, DataPart.Validation).Count);
    }

    public void Dispose() => _folder.Dispose();

    private static DataRequest DigitsRequest(ulong seed) =>
        new(Catalogue.Find("digits"), [], [], [], [], 0.7, 0.15, 0.15, true, NumericScaling.Standardize, null, seed);

    private static float Positives(DataRequest request) => TempFolder.Load(TempFolder.Plan(request)).Targets.Sum();

    private static void AssertSlice(RowSet whole, int[] indices, RowSet rows)
    {
        Assert.Equal(indices.Length, rows.Count);
        for (int row = 0; row < indices.Length; row++)
        {
            Range expected = (indices[row] * whole.FeatureCount)..((indices[row] + 1) * whole.FeatureCount);
            Range actual = (row * whole.FeatureCount)..((row + 1) * whole.FeatureCount);
            Assert.Equal(whole.Features[expected], rows.Features[actual]);
            Assert.Equal(whole.Targets[indices[row]], rows.Targets[row]);
        }
    }
}
