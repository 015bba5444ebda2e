using Trainer.Grains;

using Xunit;

namespace Trainer.Reporting;

public sealed class FinalBlockTests
{
    private const string Completed = """
        {
          "status": "completed", "epochs": 20, "steps": 800, "best_epoch": 17,
          "wall_seconds": 4.21, "rows_per_second": 12345.4,
          "train": {"loss": 0.01}, "validation": null, "test": {"loss": 0.1001, "accuracy": 0.9704},
          "baselines": {"majority": {"accuracy": 0.1012}, "logistic_regression": {"loss": 0.21, "accuracy": 0.9556}},
          "weights_sha256": "abc"
        }
        """;

    private static readonly RunReference Run = new("digits-0001", "/work/runs/digits-0001", Entry: null);

    [Fact]
    public void Lines_Completed_TestPartNextToBaselines() => Assert.Equal(
        [
            "completed: 20 epochs, 800 steps in 4.2 s (12,345 rows/s); weights of epoch 17",
            "",
            "test                   loss  accuracy",
            "this run             0.1001    0.9704",
            "majority                       0.1012",
            "logistic regression  0.2100    0.9556",
            "",
            "folder          runs/digits-0001",
            "weights sha256  abc",
        ],
        FinalBlock.Lines(Run, RunOutcome.Of(SummaryFile.Parse(Completed)), "/work"));

    [Fact]
    public void Lines_NoTestPart_ValidationPart()
    {
        var summary = SummaryFile.Parse(
            """{"status":"completed","test":null,"validation":{"loss":0.5},"train":{"loss":0.1}}""");

        string[] lines = [.. FinalBlock.Lines(Run, RunOutcome.Of(summary), "/work")];

        Assert.Equal("validation    loss", lines[2]);
    }

    [Fact]
    public void Lines_Folds_MeanAndDeviationThenTheModelsOwnTest()
    {
        var summary = SummaryFile.Parse("""
            {"status":"completed","train":{"loss":0.1},"test":{"loss":0.3},"mean":{"loss":0.5},
            "standard_deviation":{"loss":0.25},"baselines":{"majority":{"loss":0.75}}}
            """);

        string[] lines = [.. FinalBlock.Lines(Run, RunOutcome.Of(summary), "/work")];

        Assert.Equal(
            [
                "mean of the folds     loss",
                "this run            0.5000",
                "standard deviation  0.2500",
                "majority            0.7500",
                "the model, test     0.3000",
            ],
            lines[2..7]);
    }

    [Fact]
    public void Lines_LastEpochIsBest_DoesNotSaySo()
    {
        var summary = SummaryFile.Parse("""{"status":"completed","epochs":1,"steps":1,"best_epoch":1}""");

        string[] lines = [.. FinalBlock.Lines(Run, RunOutcome.Of(summary), "/work")];

        Assert.Equal("completed: 1 epoch, 1 step in 0.0 s (0 rows/s)", lines[0]);
    }

    [Fact]
    public void Lines_NoSummary_StatusAndFolder() => Assert.Equal(
        ["failed", "folder          /work/runs/digits-0001"],
        FinalBlock.Lines(Run, new RunOutcome(JobState.Failed, "x", Summary: null), "/elsewhere"));
}
