using System.Text.Json.Nodes;

using Trainer.Grains;

using Xunit;

namespace Trainer.Reporting;

public sealed class JsonEventsTests
{
    private static readonly EpochReport Report = new(
        1,
        40,
        0.5,
        [new MetricValue("loss", 0.25), new MetricValue("accuracy", 0.875)],
        12345.5,
        1.5)
    {
        GradientNorms = [0.125, 2.5],
    };

    [Fact]
    public void Epoch_Report_ExactShape() => Assert.Equal(
        """{"event":"epoch","epoch":1,"step":40,"train_loss":0.5,"validation":{"loss":0.25,"accuracy":0.875},"""
        + "\"rows_per_second\":12345.5,\"seconds\":1.5,\"gradient_norms\":[0.125,2.5]}",
        JsonEvents.Epoch(Report));

    [Fact]
    public void Epoch_NoValidationPart_EmptyObject() => Assert.Contains(
        "\"validation\":{},", JsonEvents.Epoch(Report with { Validation = [] }), StringComparison.Ordinal);

    [Fact]
    public void Epoch_NotFinite_Null() => Assert.Contains(
        "\"train_loss\":null,",
        JsonEvents.Epoch(Report with { TrainLoss = double.PositiveInfinity }),
        StringComparison.Ordinal);

    [Fact]
    public void Epoch_LineOfMetricsFile_SameEvent() => Assert.Equal(
        """{"event":"epoch","epoch":2,"train_loss":0.1}""", JsonEvents.Epoch("""{"epoch":2,"train_loss":0.1}"""));

    [Fact]
    public void Epoch_TornLine_Null() => Assert.Null(JsonEvents.Epoch("""{"epoch":2,"train_l"""));

    [Fact]
    public void Started_Fields_AfterTheEvent() => Assert.Equal(
        """{"event":"started","id":"größe-0001","folder":"/a b/c"}""",
        JsonEvents.Started(new RunHeader([], new JsonObject { ["id"] = "größe-0001", ["folder"] = "/a b/c" })));

    [Fact]
    public void Finished_Summary_ItsContent()
    {
        var summary = SummaryFile.Parse("""{ "status": "completed", "epochs": 2, "test": {"loss": 0.5} }""");

        string line = JsonEvents.Finished(new RunReference("a-0001", "/a", null), RunOutcome.Of(summary));

        Assert.Equal("""{"event":"finished","status":"completed","epochs":2,"test":{"loss":0.5}}""", line);
    }

    [Fact]
    public void Finished_NoSummary_StatusAndError()
    {
        var outcome = new RunOutcome(JobState.Failed, "No such job.", Summary: null);

        string line = JsonEvents.Finished(new RunReference("a-0001", "/a", null), outcome);

        Assert.Equal("""{"event":"finished","id":"a-0001","status":"failed","error":"No such job."}""", line);
    }

    [Theory]
    [InlineData("completed", ExitCode.Done)]
    [InlineData("failed", ExitCode.Failed)]
    [InlineData("diverged", ExitCode.Diverged)]
    [InlineData("cancelled", ExitCode.Cancelled)]
    [InlineData("running", ExitCode.Failed)]
    public void ExitCode_Summary_ByItsStatus(string status, int expected) =>
        Assert.Equal(expected, RunOutcome.Of(SummaryFile.Parse($$"""{"status":"{{status}}"}""")).ExitCode);
}
