using System.Collections.Immutable;

using Xunit;

using Trainer.Preprocessing;

namespace Trainer.Data;

public sealed class RealFilesTests
{
    private static readonly ImmutableArray<string> HospitalColumns =
    [
        "age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope", "ca", "thal",
        "num",
    ];

    [Theory]
    [InlineData("messy/Auto.csv", "mpg", 397)]
    [InlineData("messy/Hitters.csv", "Salary", 263)]
    [InlineData("messy/Hitters.csv", "NewLeague", 322)]
    [InlineData("messy/titanic.csv", "Survived", 891)]
    [InlineData("heart/Heart.csv", "AHD", 303)]
    public void Create_MessyFile_LoadsWithNothingButTheTarget(string path, string target, int rows)
    {
        DataRequest request = Request(SharedData.Find(path), target);

        AssertLoads(request, rows);
    }

    [Theory]
    [InlineData("cleveland", 303)]
    [InlineData("hungarian", 294)]
    [InlineData("switzerland", 123)]
    [InlineData("va", 200)]
    public void Create_Hospital_LoadsWithColumns(string hospital, int rows)
    {
        DataSource source = SharedData.Find($"heart/processed.{hospital}.data");
        DataRequest request = Request(source, "num") with { Columns = HospitalColumns };

        AssertLoads(request, rows);
    }

    [Fact]
    public void Create_HospitalWithoutColumns_SaysThatTheFirstLineMayBeARow()
    {
        DataRequest request = Request(SharedData.Find("heart/processed.va.data"), "num");

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Contains("data.columns", error.Message, StringComparison.Ordinal);
    }

    private static DataRequest Request(DataSource source, string target) =>
        TempFolder.Request(source, [target], NumericScaling.Standardize) with
        {
            Train = 0.7,
            Validation = 0.15,
            Test = 0.15,
            MissingIndicator = true,
        };

    private static void AssertLoads(DataRequest request, int rows)
    {
        var plan = DataPlan.FromJson(TempFolder.Plan(request).ToJson());
        int loaded = 0;
        foreach (DataPart part in Enum.GetValues<DataPart>())
        {
            RowSet set = TempFolder.Load(plan, part);
            loaded += set.Count;
            Assert.All(set.Features, value => Assert.True(float.IsFinite(value)));
        }

        Assert.Equal(rows, loaded);
        Assert.Equal(plan.Inputs, plan.Pipeline.InputNames.Length);
    }
}
