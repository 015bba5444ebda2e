using System.Text.Json;

using CsCheck;

using Xunit;

using Trainer.Data;
using Trainer.Models;

namespace Trainer.Preprocessing;

public sealed class FittedPipelineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Fit_Standardize_UsesMeanAndPopulationDeviation()
    {
        // Mean 5, population standard deviation 2; a constant column becomes 0.
        DataSource source = _folder.Csv("a,c,y\n2,7,0\n4,7,1\n4,7,0\n4,7,1\n5,7,0\n5,7,1\n7,7,0\n9,7,1\n");

        RowSet rows = TempFolder.Load(TempFolder.Plan(TempFolder.Request(source, numeric: NumericScaling.Standardize)));

        Assert.Equal([-1.5f, 0, -0.5f, 0, -0.5f, 0, -0.5f, 0, 0, 0, 0, 0, 1, 0, 2, 0], rows.Features);
    }

    [Fact]
    public void Fit_MinMax_MapsToZeroToOne()
    {
        DataSource source = _folder.Csv("a,c,y\n-1,7,0\n1,7,1\n3,7,0\n0,7,1\n");

        RowSet rows = TempFolder.Load(TempFolder.Plan(TempFolder.Request(source, numeric: NumericScaling.MinMax)));

        Assert.Equal([0, 0, 0.5f, 0, 1, 0, 0.25f, 0], rows.Features);
    }

    [Fact]
    public void Fit_None_RoundsOnceToSingle()
    {
        DataSource source = _folder.Csv("a,y\n0.1,0\n16777217,1\n-2.5e-3,0\n");

        RowSet rows = TempFolder.Load(TempFolder.Plan(TempFolder.Request(source)));

        Assert.Equal([0.1f, 16777216f, -2.5e-3f], rows.Features);
    }

    [Fact]
    public void Fit_LargeOffset_KeepsDigitsThatSingleWouldLose()
    {
        DataSource source = _folder.Csv("t,y\n1700000001,0\n1700000002,1\n1700000003,0\n");

        RowSet rows = TempFolder.Load(TempFolder.Plan(TempFolder.Request(source, numeric: NumericScaling.MinMax)));

        Assert.Equal([0, 0.5f, 1], rows.Features);
    }

    [Fact]
    public void Fit_OtherParts_DoNotCount()
    {
        DataSource source = _folder.Counting(40, row => row % 2);
        DataRequest request = TempFolder.Request(source) with { Train = 0.5, Validation = 0.25, Test = 0.25 };
        float[] train = TempFolder.Load(TempFolder.Plan(request)).Features;

        DataPlan plan = TempFolder.Plan(request with { Numeric = NumericScaling.Standardize });

        double mean = train.Average(value => (double)value);
        double deviation = Math.Sqrt(train.Average(value => (value - mean) * (value - mean)));
        JsonElement json = JsonDocument.Parse(plan.Pipeline.ToJson()).RootElement;
        Assert.Equal(mean, json.GetProperty("offsets")[0].GetDouble(), 1e-9);
        Assert.Equal(deviation, json.GetProperty("scales")[0].GetDouble(), 1e-9);
    }

    [Fact]
    public void FromJson_AnyStatistics_ComeBackBitForBit() =>
        Gen.Double.Where(double.IsFinite).Array[3].Sample(values =>
        {
            double[] scales = [.. values.Select(Math.Abs)];
            var pipeline = new FittedPipeline(new PipelineJson(
                ["a", "b\"\u20ac", "c"],
                ["y"],
                ["no", "yes"],
                [],
                NumericScaling.Standardize,
                [.. values],
                [.. scales]));

            FittedPipeline read = FittedPipeline.FromJson(pipeline.ToJson());

            Assert.Equal(Bits(values), Bits(read.Data.Offsets));
            Assert.Equal(Bits(scales), Bits(read.Data.Scales));
            Assert.Equal(pipeline.ToJson(), read.ToJson());
            Assert.Equal(["a", "b\"\u20ac", "c"], read.FeatureColumns);
            Assert.Equal(["no", "yes"], read.ClassNames);
        });

    [Fact]
    public void ToJson_Text_IsThis()
    {
        DataSource source = _folder.Csv("a,y\n1,no\n2,yes\n");

        string json = TempFolder.Plan(TempFolder.Request(source, numeric: NumericScaling.MinMax)).Pipeline.ToJson();

        // Model files hold this text: it may grow, not change.
        const string Schema = """{"features":["a"],"targets":["y"],"classes":["no","yes"],"columns":[],""";
        const string Scaling = "\"numeric\":\"min_max\",\"offsets\":[1],\"scales\":[1],";
        const string Encoders = "\"encoders\":[{\"fill\":1.5}],\"degree\":1}";
        Assert.Equal(Schema + Scaling + Encoders, json);
    }

    [Theory]
    [InlineData("\"features\":[\"a\"]", "\"features\":[\"a\",\"b\"]")]
    [InlineData("\"features\":[\"a\"]", "\"features\":[null]")]
    [InlineData("\"features\":[\"a\"]", "\"features\":null")]
    [InlineData("\"features\":[\"a\"]", "\"features\":[]")]
    [InlineData("\"targets\":[\"y\"]", "\"targets\":[\"y\",\"z\"]")]
    [InlineData("\"classes\":[\"no\",\"yes\"]", "\"classes\":[\"no\",\"no\"]")]
    [InlineData("\"classes\":[\"no\",\"yes\"]", "\"classes\":[\"no\"]")]
    [InlineData("min_max", "unknown")]
    [InlineData("\"offsets\":[1]", "\"offsets\":[1e999]")]
    [InlineData("\"scales\":[1]", "\"scales\":[-1]")]
    [InlineData("\"scales\":[1]", "\"scales\":[1],\"more\":1")]
    public void FromJson_NotWhatItShouldBe_GivesDataException(string part, string replacement)
    {
        string json = TempFolder.Plan(
            TempFolder.Request(_folder.Csv("a,y\n1,no\n2,yes\n"), numeric: NumericScaling.MinMax)).Pipeline.ToJson();
        Assert.Contains(part, json, StringComparison.Ordinal);

        DataException error = Assert.Throws<DataException>(
            () => FittedPipeline.FromJson(json.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.StartsWith("The fitted preprocessing is malformed (", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_NewFile_GoesByNameAndIgnoresOtherColumns()
    {
        FittedPipeline pipeline = Fit("a,b,y\n0,10,no\n1,20,yes\n", NumericScaling.MinMax);
        DataSource file = _folder.Csv("id;b;y;a\nx;15;yes;2\nz;10;no;0\n", "new.csv");

        RowSet rows = pipeline.Read(file, withTargets: true, CancellationToken.None);

        Assert.Equal((2, 2, 1), (rows.Count, rows.FeatureCount, rows.TargetWidth));
        Assert.Equal([2, 0.5f, 0, 0], rows.Features);
        Assert.Equal([1, 0], rows.Targets);
    }

    [Fact]
    public void Read_WithoutTargets_NeedsNone()
    {
        FittedPipeline pipeline = Fit("a,y\n0,no\n1,yes\n", NumericScaling.None);

        RowSet rows = pipeline.Read(_folder.Csv("a\n5\n", "new.csv"), withTargets: false, CancellationToken.None);

        Assert.Equal((1, 0), (rows.Count, rows.TargetWidth));
        Assert.Empty(rows.Targets);
    }

    [Fact]
    public void Read_NumericClasses_GoByValue()
    {
        FittedPipeline pipeline = Fit("a,y\n0,1\n1,2\n", NumericScaling.None);
        DataSource file = _folder.Csv("a,y\n0,2.0\n0,1e0\n", "new.csv");

        RowSet rows = pipeline.Read(file, withTargets: true, CancellationToken.None);

        Assert.Equal([1, 0], rows.Targets);
    }

    [Theory]
    [InlineData("aa,y\n1,no\n", "'new.csv' has no column 'a' for an input of the model (did you mean 'aa'?); its " +
        "columns are: aa, y.")]
    [InlineData("a,x\n1,no\n", "'new.csv' has no column 'y' for the target of the model; its columns are: a, x.")]
    [InlineData(
        "a,y\n1,maybe\n",
        "'new.csv' row 1 (line 2), column 'y': 'maybe' is none of the classes no, yes; correct it or remove the row.")]
    [InlineData("a,y\n", "Data file 'new.csv' has a header but no rows; give a file with a header and rows.")]
    [InlineData(
        "a,y\n1,no\nx,no\n",
        "'new.csv' row 2 (line 3), column 'a': 'x' is not a number, as all values of the column were in training; " +
        "correct it.")]
    public void Read_FileThatDoesNotFit_SaysWhy(string content, string message)
    {
        FittedPipeline pipeline = Fit("a,y\n0,no\n1,yes\n", NumericScaling.None);
        DataSource file = _folder.Csv(content, "new.csv");

        DataException error = Assert.Throws<DataException>(
            () => pipeline.Read(file, withTargets: true, CancellationToken.None));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Read_ValueThatScalingMakesTooLarge_SaysSo()
    {
        FittedPipeline pipeline = Fit("a,y\n0,no\n1e-20,yes\n", NumericScaling.MinMax);
        DataSource file = _folder.Csv("a\n1e30\n", "new.csv");

        DataException error = Assert.Throws<DataException>(
            () => pipeline.Read(file, withTargets: false, CancellationToken.None));

        Assert.Equal(
            "'new.csv' row 1 (line 2), column 'a': '1e30' is outside the range of 32-bit numbers once it is scaled " +
            "like the training rows; correct it or remove the row.",
            error.Message);
    }

    [Theory]
    [InlineData("3,4,0\n5,6,1\n", true)]
    [InlineData("3,4,0\n5,6,1\n", false)]
    [InlineData("3,4\n5,6\n", false)]
    public void Read_FileWithoutHeader_UsesTheColumnsOfTheJob(string content, bool withTargets)
    {
        DataSource source = _folder.Csv("1,2,0\n3,4,1\n");
        DataPlan plan = TempFolder.Plan(TempFolder.Request(source) with { Columns = ["a", "b", "y"] });
        FittedPipeline pipeline = FittedPipeline.FromJson(plan.Pipeline.ToJson());

        RowSet rows = pipeline.Read(_folder.Csv(content, "new.csv"), withTargets, CancellationToken.None);

        Assert.Equal([3, 4, 5, 6], rows.Features);
    }

    [Fact]
    public void Read_DigitsOfTheCatalogue_EqualsTheRowsOfThePlan()
    {
        DataRequest request = TempFolder.Request(Catalogue.Find("digits"), [], NumericScaling.Standardize);
        DataPlan plan = TempFolder.Plan(request);

        RowSet rows = plan.Pipeline.Read(request.Source, withTargets: true, CancellationToken.None);

        RowSet expected = TempFolder.Load(plan);
        Assert.Equal(expected.Features, rows.Features);
        Assert.Equal(expected.Targets, rows.Targets);
    }

    [Fact]
    public void Open_RawRows_AreThoseOfReadInOrder()
    {
        FittedPipeline pipeline = Fit("a,y\n0,no\n1,yes\n", NumericScaling.None);
        DataSource file = _folder.Csv("name,a\n\"x,1\", 7 \n\ny,8\n", "new.csv");
        List<string[]> raw = [];

        using RowReader reader = pipeline.Open(file);
        while (reader.Read())
        {
            raw.Add(reader.Fields());
        }

        Assert.Equal([["x,1", " 7 "], ["y", "8"]], raw);
        Assert.Equal([7, 8], pipeline.Read(file, withTargets: false, CancellationToken.None).Features);
    }

    [Fact]
    public void Read_RegressionTargets_AreNotScaled()
    {
        DataSource source = _folder.Csv("a,y\n0,100\n1,250.5\n");
        DataPlan plan = TempFolder.Plan(
            TempFolder.Request(source, ["y"], NumericScaling.Standardize, OutputUnit.Linear));

        Assert.Equal([100, 250.5f], plan.Pipeline.Read(source, true, CancellationToken.None).Targets);
        Assert.Empty(plan.Pipeline.ClassNames);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<long> Bits(IEnumerable<double> values) => values.Select(BitConverter.DoubleToInt64Bits);

    private FittedPipeline Fit(string content, NumericScaling numeric) =>
        TempFolder.Plan(TempFolder.Request(_folder.Csv(content), numeric: numeric)).Pipeline;
}
