using System.Globalization;

using Trainer.Commands;
using Trainer.Reporting;

using Xunit;

namespace Trainer.Training;

public sealed class RequirementTests
{
    private static readonly string[] Reported = ["train.loss", "train.accuracy", "test.loss", "test.accuracy"];

    [Theory]
    [InlineData("test.accuracy=0.97", "test", "accuracy", 0.97)]
    [InlineData(" train.loss = 1e-3 ", "train", "loss", 0.001)]
    public void Parse_Requirement_Parts(string text, string part, string metric, double value) =>
        Assert.Equal(new Requirement(part, metric, value), Requirement.Parse(text, Reported));

    [Theory]
    [InlineData("test.accuracy")]
    [InlineData("test.accuracy=")]
    [InlineData("test.accuracy=high")]
    [InlineData("test.accuracy=0,97")]
    [InlineData("test.accuracy=NaN")]
    [InlineData("test.accuracy>=0.97")]
    public void Parse_NoNumber_SaysHowItIsWritten(string text)
    {
        var error = Assert.Throws<CommandException>(() => Requirement.Parse(text, Reported));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains("--require", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SlipOfAMetric_NamesTheNearest()
    {
        var error = Assert.Throws<CommandException>(() => Requirement.Parse("test.acuracy=0.9", Reported));

        Assert.Equal(
            "'--require' names 'test.acuracy', which the job does not report; did you mean 'test.accuracy'?",
            error.Message);
    }

    [Fact]
    public void Parse_MetricOfAnotherKind_ListsWhatThereIs()
    {
        var error = Assert.Throws<CommandException>(() => Requirement.Parse("r2=0.9", Reported));

        Assert.EndsWith(
            "it reports train.loss, train.accuracy, test.loss, test.accuracy.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accuracy", 0.97, 0.97, true)]
    [InlineData("accuracy", 0.9699, 0.97, false)]
    [InlineData("auc", 0.99, 0.97, true)]
    [InlineData("r2", -0.1, 0, false)]
    [InlineData("loss", 0.1, 0.1, true)]
    [InlineData("loss", 0.11, 0.1, false)]
    [InlineData("mae", 0.09, 0.1, true)]
    [InlineData("mse", 0.2, 0.1, false)]
    public void Miss_Value_ByTheMetricsDirection(string metric, double reached, double required, bool isMet)
    {
        string value = reached.ToString(CultureInfo.InvariantCulture);
        var summary = SummaryFile.Parse($$"""{"test": {"{{metric}}": {{value}} } }""");

        string? miss = new Requirement("test", metric, required).Miss(summary);

        Assert.Equal(isMet, miss is null);
    }

    [Fact]
    public void Miss_Missed_NamesMetricValueAndBound()
    {
        var summary = SummaryFile.Parse("""{"test":{"accuracy":0.9444}}""");

        string? miss = new Requirement("test", "accuracy", 0.97).Miss(summary);

        Assert.Equal("requirement missed: test.accuracy is 0.9444, required is at least 0.97.", miss);
    }

    [Fact]
    public void Miss_UndefinedMetric_Missed()
    {
        string? miss = new Requirement("test", "auc", 0.5).Miss(SummaryFile.Parse("""{"test":{"loss":0.1}}"""));

        Assert.Equal("requirement missed: test.auc is undefined, required is at least 0.5.", miss);
    }
}
