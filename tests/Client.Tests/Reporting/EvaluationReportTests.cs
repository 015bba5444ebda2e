using System.Text.Json;

using Trainer.Inference;

using Xunit;

namespace Trainer.Reporting;

public sealed class EvaluationReportTests
{
    private static readonly Evaluation Binary = new(
        20,
        0.25,
        new Dictionary<string, double> { ["loss"] = 0.5, ["calibration_error"] = 0.75 },
        ["no", "yes"],
        [5, 1, 2, 12],
        [new(0, 0.1, 0, null, null), new(0.9, 1, 20, 0.95, 0.7)]);

    [Fact]
    public void ToText_TwoClasses_HasFiguresAndTables()
    {
        string text = EvaluationReport.ToText(Binary);

        Assert.Equal(
            """
            rows              20
            threshold         0.25
            loss              0.5000
            calibration_error 0.7500

            class  precision  recall      f1  rows
            no        0.7143  0.8333  0.7692     6
            yes       0.9231  0.8571  0.8889    14

            confusion (a row: an actual class; a column: what was predicted)
                 no yes
            no    5   1
            yes   2  12

            calibration (of class yes)
            probability    mean  observed  rows
            0.9 to 1.0   0.9500    0.7000    20
            """,
            text);
    }

    [Fact]
    public void ToJson_TwoClasses_HasTheSame()
    {
        string json = EvaluationReport.ToJson(Binary, "heart-0001", "new.csv");

        JsonElement root = JsonDocument.Parse(json).RootElement;
        Assert.DoesNotContain('\n', json);
        Assert.Equal("heart-0001", root.GetProperty("model").GetString());
        Assert.Equal("new.csv", root.GetProperty("data").GetString());
        Assert.Equal(20, root.GetProperty("rows").GetInt64());
        Assert.Equal(0.25, root.GetProperty("threshold").GetDouble());
        Assert.Equal(0.5, root.GetProperty("loss").GetDouble());
        Assert.Equal("""["no","yes"]""", root.GetProperty("classes").GetRawText());
        Assert.Equal("[[5,1],[2,12]]", root.GetProperty("confusion").GetRawText());
        Assert.Equal(
            """{"class":"yes","rows":14,"precision":0.9230769230769231,"recall":0.8571428571428571,""" +
            "\"f1\":0.8888888888888888}",
            root.GetProperty("per_class")[1].GetRawText());
        Assert.Equal(
            """{"from":0,"to":0.1,"rows":0,"mean_probability":null,"observed_share":null}""",
            root.GetProperty("calibration")[0].GetRawText());
    }

    [Fact]
    public void ToText_TenLongNames_HeadsTheConfusionWithNumbers()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"category {number}")];

        string text = EvaluationReport.ToText(Classes(names, 1234));

        Assert.Contains("confusion (a row", text, StringComparison.Ordinal);
        Assert.Contains("\n3 category 3     0     0     0 1,234", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void ToText_ManyClasses_HasTheWorstAndTheMistakes()
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(number => $"a class with a long name {number}")];
        Evaluation many = Classes(names, 5);
        long[] confusion = [.. many.Confusion];
        confusion[(98 * 100) + 99] = 3;

        string text = EvaluationReport.ToText(many with { Confusion = confusion });

        Assert.DoesNotContain("confusion", text, StringComparison.Ordinal);
        Assert.Contains("the 20 classes of lowest f1, of 100", text, StringComparison.Ordinal);
        Assert.Contains("most frequent mistakes", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void ToText_Regression_HasFiguresAlone()
    {
        var metrics = new Dictionary<string, double> { ["loss"] = 0.5, ["mse"] = 0.5 };

        string text = EvaluationReport.ToText(new Evaluation(3, null, metrics, [], [], []));

        Assert.Equal("rows 3\nloss 0.5000\nmse  0.5000", text);
    }

    // Every row is right.
    private static Evaluation Classes(string[] names, long rows)
    {
        long[] confusion = new long[names.Length * names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            confusion[(i * names.Length) + i] = rows;
        }

        return new(
            rows * names.Length, null, new Dictionary<string, double> { ["loss"] = 0.5 }, names, confusion, []);
    }
}
