using Trainer.Formats;
using Trainer.Inference;

using Xunit;

namespace Trainer.Commands;

public sealed class PlotCommandTests : IDisposable
{
    private const string Epoch =
        """{"epoch":1,"step":1,"train_loss":0.5,"validation":{"loss":0.4},"gradient_norms":[0.01,2]}""";

    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Plot_BinaryModelOfTwoFeatures_DrawsEveryKindButAFit()
    {
        string run = Run(_models.Hidden());
        string data = _models.Write("test.csv", "x,y,label\n1,0,yes\n0,0,no\n0,1,yes\n1,1,no\n");

        (int code, _, string error) = await CommandRun.RunAsync("plot", run, "--data", data);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(
            "no fit: a fit is drawn for models of 1 column and 1 target, but this one has 2 and 1.\n", error);
        Assert.Equal(
            [
                "confusion.svg", "decision-boundary.svg", "gradients.svg", "hidden-units.svg", "learning-curve.svg",
                "network.svg", "roc.svg",
            ],
            Directory.GetFiles(Path.Combine(run, "plots")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Plot_BinaryModelOfOneFeature_DrawsTheFit()
    {
        string data = _models.Write("test.csv", "x,label\n1,yes\n-1,no\n");

        (int code, _, string error) = await CommandRun.RunAsync(
            "plot", Run(_models.OneFeature()), "--data", data, "--kind", "fit", "-o", _models.Folder);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        string picture = await File.ReadAllTextAsync(
            Path.Combine(_models.Folder, "fit.svg"), TestContext.Current.CancellationToken);
        Assert.Contains("probability of 'yes'", picture);
    }

    [Fact]
    public async Task Plot_Regression_SaysWhatDoesNotFitAndDrawsTheRest()
    {
        string run = Run(_models.TwoTargets());

        (int code, string output, string error) = await CommandRun.RunAsync("plot", run, "-o", _models.Folder);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("no roc: a ROC curve needs a model of two classes with a sigmoid output.\n", error);
        Assert.Contains("no confusion: the model is a regression; it has no classes to draw.\n", error);
        Assert.True(File.Exists(Path.Combine(_models.Folder, "network.svg")));
    }

    [Theory]
    [InlineData("roc", "trainer: a ROC curve needs")]
    [InlineData("decision-boundary", "trainer: the model is a regression")]
    [InlineData("fit", "trainer: a fit is drawn for models of 1 column and 1 target, but this one has 2 and 2.")]
    [InlineData("hidden-units", "trainer: the model has no hidden layer")]
    [InlineData("heat", "trainer: '--kind' is 'heat'; it takes learning-curve, gradients, roc,")]
    public async Task Plot_KindThatDoesNotFit_Exit2(string kind, string expected)
    {
        (int code, string output, string error) =
            await CommandRun.RunAsync("plot", Run(_models.TwoTargets()), "--kind", kind);

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.StartsWith(expected, error);
    }

    private string Run(ModelFile model)
    {
        string run = _models.Run("run", model);
        File.WriteAllText(Path.Combine(run, "metrics.jsonl"), Epoch + "\n");
        return run;
    }
}
