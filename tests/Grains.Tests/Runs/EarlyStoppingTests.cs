using Trainer.Errors;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Runs;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void IsBest_LossRisesForPatienceEpochs_Exhausted()
    {
        var stopping = new EarlyStopping(new EarlyStoppingSpec { Metric = "validation.loss", Patience = 2 });

        double[] losses = [1.0, 0.5, 0.5, 0.6];
        bool[] best = [.. losses.Select((loss, i) => stopping.IsBest(i + 1, [new("loss", loss)]))];

        Assert.Equal([true, true, false, false], best);
        Assert.Equal(2, stopping.BestEpoch);
        Assert.True(stopping.Exhausted);
    }

    [Fact]
    public void IsBest_ImprovementBeforePatience_StartsAnew()
    {
        var stopping = new EarlyStopping(new EarlyStoppingSpec { Patience = 2 });

        foreach ((int index, double loss) in new[] { 1.0, 1.1, 0.9, 1.0 }.Index())
        {
            stopping.IsBest(index + 1, [new("loss", loss)]);
        }

        Assert.Equal(3, stopping.BestEpoch);
        Assert.False(stopping.Exhausted);
    }

    [Theory]
    [InlineData("accuracy")]
    [InlineData("auc")]
    [InlineData("f1")]
    [InlineData("top_3_accuracy")]
    [InlineData("r2")]
    public void IsBest_MetricThatGrows_MoreIsBetter(string metric)
    {
        var stopping = new EarlyStopping(new EarlyStoppingSpec { Metric = "validation." + metric });

        bool[] best = [.. new[] { 0.5, 0.6, 0.4 }.Select((value, i) => stopping.IsBest(i + 1, [new(metric, value)]))];

        Assert.Equal([true, true, false], best);
    }

    [Theory]
    [InlineData("log_loss")]
    [InlineData("brier")]
    public void IsBest_MetricThatShrinks_LessIsBetter(string metric)
    {
        var stopping = new EarlyStopping(new EarlyStoppingSpec { Metric = "validation." + metric });

        bool[] best = [.. new[] { 0.5, 0.6, 0.4 }.Select((value, i) => stopping.IsBest(i + 1, [new(metric, value)]))];

        Assert.Equal([true, false, true], best);
    }

    [Fact]
    public void IsBest_MetricNotThere_ThrowsNamingThoseThatAre()
    {
        var stopping = new EarlyStopping(new EarlyStoppingSpec { Metric = "validation.auc" });

        TrainerException error = Assert.Throws<TrainerException>(
            () => stopping.IsBest(1, [new("loss", 1), new("accuracy", 0.5)]));

        Assert.Equal(
            "'early_stopping.metric' is 'validation.auc', which this job does not have; it has validation.loss, "
            + "validation.accuracy.",
            error.Message);
    }
}
