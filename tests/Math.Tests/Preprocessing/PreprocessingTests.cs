using Xunit;

using Trainer.Data;

namespace Trainer.Preprocessing;

public sealed class PreprocessingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Fit_MissingNumbers_BecomeTheMedianOfTheTrainingRows()
    {
        RowSet rows = Load(Request("a,y\n1,0\nNA,1\n3,0\n,1\n10,0\n ? ,1\n"));

        Assert.Equal([1, 3, 3, 3, 10, 3], rows.Features);
    }

    [Theory]
    [InlineData("1\n2\n3\n4\n", 2.5)]
    [InlineData("5\n1\n3\n", 3)]
    [InlineData("7\n7\n7\n", 7)]
    public void Fit_Median_IsTheMiddleValue(string values, double expected)
    {
        DataSource source = _folder.Csv("a,y\n" + values.Replace("\n", ",1.5\n", StringComparison.Ordinal));

        DataPlan plan = TempFolder.Plan(TempFolder.Request(source));

        Assert.Equal(expected, plan.Pipeline.Data.Encoders[0].Fill);
    }

    [Fact]
    public void Median_ManyDifferentValues_EqualsThatOfTheSortedOnes()
    {
        var random = new Random(7);
        double[] values = [.. Enumerable.Range(0, 5001).Select(_ => (double)random.Next(3000))];
        var median = new Median();

        foreach (double value in values)
        {
            median.Add(value);
        }

        Assert.Equal(values.Order().ElementAt(2500), median.Value());
    }

    [Fact]
    public void Fit_Standardize_UsesTheImputedColumn()
    {
        RowSet rows = Load(Request("a,y\n0,0\n,1\n2,0\n4,1\n") with { Numeric = NumericScaling.Standardize });

        // Imputed: 0 2 2 4; mean 2, deviation sqrt 2.
        Assert.Equal([-1.4142135f, 0, 0, 1.4142135f], rows.Features);
    }

    [Fact]
    public void Fit_Indicator_StandsAfterItsColumn()
    {
        DataRequest request = Request("a,b,y\n1,5,0\n,6,1\n3,7,0\n") with { MissingIndicator = true };

        DataPlan plan = TempFolder.Plan(request);

        Assert.Equal(["a", "a missing", "b"], plan.Pipeline.InputNames);
        Assert.Equal([1, 0, 5, 2, 1, 6, 3, 0, 7], TempFolder.Load(plan).Features);
    }

    [Fact]
    public void Fit_OneHot_StandsInThePlaceOfTheColumnSortedByOrdinal()
    {
        DataPlan plan = TempFolder.Plan(Request("a,c,b,y\n1,red,5,0\n2,Blue,6,1\n3,red,7,0\n4,NA,8,1\n"));

        Assert.Equal(["a", "c=Blue", "c=red", "b"], plan.Pipeline.InputNames);
        Assert.Equal([1, 0, 1, 5, 2, 1, 0, 6, 3, 0, 1, 7, 4, 0, 1, 8], TempFolder.Load(plan).Features);
    }

    [Fact]
    public void Fit_Ordinal_NumbersCategoriesByOrdinal()
    {
        RowSet rows = Load(Request("c,y\nb,0\na,1\nc,0\n,1\n") with { Categorical = CategoricalEncoding.Ordinal });

        Assert.Equal([1, 0, 2, 0], rows.Features);
    }

    [Fact]
    public void Fit_QuotedSeparatorsAndNewlines_AreCategories()
    {
        DataPlan plan = TempFolder.Plan(Request("c;y\r\n\"a;b\";0\r\n\"x\ny\";1\r\n"));

        Assert.Equal(["c=a;b", "c=x\ny"], plan.Pipeline.InputNames);
    }

    [Theory]
    [InlineData(2, false, "a b a^2 b^2", "2 3 4 9")]
    [InlineData(1, true, "a b a*b", "2 3 6")]
    [InlineData(2, true, "a b a^2 a*b b^2", "2 3 4 6 9")]
    [InlineData(3, true, "a b a^2 a*b b^2 a^3 a^2*b a*b^2 b^3", "2 3 4 6 9 8 12 18 27")]
    [InlineData(3, false, "a b a^2 b^2 a^3 b^3", "2 3 4 9 8 27")]
    public void Fit_Polynomial_AddsTheseTerms(int degree, bool interactions, string names, string values)
    {
        DataRequest request = Request("a,b,y\n2,3,0\n1,1,1\n") with { Degree = degree, Interactions = interactions };

        DataPlan plan = TempFolder.Plan(request);

        Assert.Equal(names.Split(' '), plan.Pipeline.InputNames);
        float[] first = TempFolder.Load(plan).Features[..plan.Inputs];
        Assert.Equal(values.Split(' ').Select(float.Parse), first);
    }

    [Fact]
    public void Fit_Polynomial_LeavesCategoriesOut()
    {
        DataPlan plan = TempFolder.Plan(Request("c,a,y\nu,2,0\nv,3,1\n") with { Degree = 2, Interactions = true });

        Assert.Equal(["c=u", "c=v", "a", "a^2"], plan.Pipeline.InputNames);
    }

    [Fact]
    public void Fit_PolynomialOfTooManyColumns_SaysSo()
    {
        string header = string.Join(',', Enumerable.Range(0, 200).Select(column => $"x{column}"));
        string row = string.Join(',', Enumerable.Repeat("1", 200));
        DataRequest request = Request($"{header},y\n{row},0\n{row},1\n") with { Degree = 16, Interactions = true };

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal(
            "preprocess.polynomial of degree 16 makes more than 100000 inputs of 200 numeric columns; lower the " +
            "degree, switch interactions off or exclude columns.",
            error.Message);
    }

    [Fact]
    public void Fit_TooManyCategories_NamesTheColumnAndTheKey()
    {
        string rows = string.Concat(Enumerable.Range(0, 1001).Select(row => $"n{row},{row % 2}\n"));

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(Request("id,y\n" + rows)));

        Assert.Equal(
            "'x.csv' row 1001 (line 1002), column 'id': the column is text with more than 1000 categories, such as " +
            "'n1000'; exclude it: data.features.exclude: ['id'].",
            error.Message);
    }

    [Fact]
    public void Fit_ColumnWithoutValues_CountsAsZeroAndWarns()
    {
        DataPlan plan = TempFolder.Plan(
            Request("a,b,y\n1,,0\n2,NA,1\n") with { Numeric = NumericScaling.Standardize });

        Assert.Equal([-1, 0, 1, 0], TempFolder.Load(plan).Features);
        Assert.Equal(
            ["column 'b' has no values in the training rows; it counts as 0 in every row."], plan.Warnings);
    }

    [Fact]
    public void Fit_TextAmongNumbers_IsACategoryAndWarns()
    {
        DataPlan plan = TempFolder.Plan(Request("a,y\n1,0\n2,1\nabc,0\n"));

        Assert.Equal(
            [
                "column 'a' is read as text although 2 of its values are numbers, because of 'x.csv' row 3 (line 4), " +
                "column 'a': 'abc'.",
            ],
            plan.Warnings);
        Assert.Equal(3, plan.Inputs);
    }

    [Fact]
    public void Create_RowsWithoutTarget_AreLeftOutWithOneWarning()
    {
        DataPlan plan = TempFolder.Plan(Request("a,y\n1,0\n2,\n3,1\n4,NA\n"));

        Assert.Equal(2, plan.Rows(DataPart.Train));
        Assert.Equal([1, 3], TempFolder.Load(plan).Features);
        Assert.Equal(["2 of the 4 rows of 'x.csv' have no value in 'y'; they are left out."], plan.Warnings);
    }

    [Fact]
    public void Read_UnseenCategoryAndMissingValues_AreZerosAndReplacements()
    {
        FittedPipeline pipeline = FittedPipeline.FromJson(TempFolder.Plan(
            Request("a,c,y\n1,u,0\n2,v,1\n3,v,0\n")).Pipeline.ToJson());
        DataSource file = _folder.Csv("a,c\n,u\n7,w\nn/a,\n8,z\n", "new.csv");
        List<string> warnings = [];

        RowSet rows = pipeline.Read(file, withTargets: false, CancellationToken.None, warnings.Add);

        Assert.Equal([2, 1, 0, 7, 0, 0, 2, 0, 1, 8, 0, 0], rows.Features);
        Assert.Equal(
            [
                "'new.csv' row 2 (line 3), column 'c': 'w' is a category that the training rows did not have; the 2 " +
                "such values of 'new.csv' count as none of the categories.",
            ],
            warnings);
    }

    [Fact]
    public void FromJson_FileOfBeforeEncoders_IsReadAsNumbers()
    {
        const string Old = """
            {"features":["a"],"targets":["y"],"classes":["no","yes"],"columns":[],
             "numeric":"min_max","offsets":[1],"scales":[2]}
            """;

        FittedPipeline pipeline = FittedPipeline.FromJson(Old);

        Assert.Equal([1], pipeline.Read(_folder.Csv("a\n3\n"), false, CancellationToken.None).Features);
    }

    [Theory]
    [InlineData("\"fill\":2", "\"fill\":1e999")]
    [InlineData("\"mode\":\"v\"", "\"mode\":\"w\"")]
    [InlineData("[\"u\",\"v\"]", "[\"v\",\"v\"]")]
    [InlineData("[\"u\",\"v\"]", "[null,\"v\"]")]
    [InlineData("\"degree\":1", "\"degree\":0")]
    [InlineData("\"degree\":1", "\"degree\":1000")]
    [InlineData("{\"fill\":2},", "")]
    [InlineData("{\"fill\":2}", "null")]
    public void FromJson_EncodersThatCannotBe_GiveDataException(string part, string replacement)
    {
        string json = TempFolder.Plan(Request("a,c,y\n1,u,0\n2,v,1\n3,v,0\n")).Pipeline.ToJson();
        Assert.Contains(part, json, StringComparison.Ordinal);

        DataException error = Assert.Throws<DataException>(
            () => FittedPipeline.FromJson(json.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.StartsWith("The fitted preprocessing is malformed (", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static RowSet Load(DataRequest request) => TempFolder.Load(TempFolder.Plan(request));

    private DataRequest Request(string content) => TempFolder.Request(_folder.Csv(content));
}
