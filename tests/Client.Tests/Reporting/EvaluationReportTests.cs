using Trainer.Inference;

using Xunit;

namespace Trainer.Reporting;

public sealed class EvaluationReportTests
{
    private static readonly Evaluation Binary = new(
        10, 0.25, new Dictionary<string, double> { ["loss"] = 0.5, ["accuracy"] = 0.75 }, ["no", "yes"], [5, 1, 2, 12]);

    [Fact]
    public void ToText_Classes_HasFiguresAndTable()
    {
        string text = EvaluationReport.ToText(Binary);

        Assert.Equal(
            """
            rows      10
            threshold 0.25
            loss      0.5000
            accuracy  0.7500

            confusion (a row: an actual class; a column: what was predicted)
                 no yes
            no    5   1
            yes   2  12
            """,
            text);
    }

    [Fact]
    public void ToJson_Classes_HasTheSame()
    {
        string json = EvaluationReport.ToJson(Binary, "heart-0001", "new.csv");

        Assert.Equal(
            """{"model":"heart-0001","data":"new.csv","rows":10,"threshold":0.25,"loss":0.5,"accuracy":0.75,""" +
            "\"classes\":[\"no\",\"yes\"],\"confusion\":[[5,1],[2,12]]}",
            json);
    }

    [Fact]
    public void ToText_ManyClasses_LeavesTheTableOut()
    {
        string[] names = [.. Enumerable.Range(0, 21).Select(number => $"c{number}")];
        Evaluation many = Binary with { Threshold = null, Classes = names, Confusion = new long[21 * 21] };

        string text = EvaluationReport.ToText(many);

        Assert.DoesNotContain("confusion", text);
        Assert.Contains("accuracy", text);
    }
}
