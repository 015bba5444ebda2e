using System.Text.Json;

using Xunit;

namespace Trainer.Jobs;

/// <summary>The examples of <c>docs/lecture.md</c> learn what the lecture says that they do.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly TrainerCommand _trainer = new();

    public void Dispose() => _trainer.Dispose();

    [Theory]
    [InlineData("breast-cancer", 0, "test.accuracy=0.97", "test.auc=0.99")]
    [InlineData("circle", 0, "test.accuracy=0.99")]
    [InlineData("circle-polynomial", 1, "test.accuracy=0.99")]
    [InlineData("xor", 2, "test.accuracy=0.99")]
    [InlineData("xor-polynomial", 1, "test.accuracy=0.99")]
    [InlineData("spiral", 2, "test.accuracy=0.96")]
    [InlineData("perceptron", 0, "train.accuracy=1")]
    [InlineData("curve", 3, "test.r2=0.99")]
    public async Task Train_Example_ReachesTheFigure(string example, int seed, params string[] figures)
    {
        string[] required = [.. figures.SelectMany(figure => new[] { "--require", figure })];

        CommandResult result = await TrainAsync(example, ["--set", $"seed={seed}", .. required]);

        Assert.True(result.ExitCode == ExitCode.Done, result.Everything);
    }

    [Fact]
    public async Task Train_CurveWithMoreUnits_FitsBetter()
    {
        List<double> fits = [];
        foreach (int width in new[] { 1, 2, 8 })
        {
            CommandResult result = await TrainAsync("curve", "--set", $"model.hidden=[{width}]", "--set", "seed=0");
            Assert.True(result.ExitCode == ExitCode.Done, result.Everything);
            fits.Add(Summary().GetProperty("test").GetProperty("r2").GetDouble());
        }

        Assert.Equal(fits.Order(), fits);
        Assert.InRange(fits[^1], 0.99, 1);
    }

    [Theory]
    [InlineData("sigmoid", 0, 0.01)]
    [InlineData("relu", 0.1, 10)]
    public async Task Train_SixLayers_GradientVanishesThroughSigmoidsOnly(string activation, double least, double most)
    {
        CommandResult result = await TrainAsync(
            "vanishing", "--set", $"model.activation={activation}", "--set", "training.epochs=1");

        Assert.True(result.ExitCode == ExitCode.Done, result.Everything);
        string line = File.ReadLines(Path.Combine(_trainer.Folder, "run", "metrics.jsonl")).First();
        double[] norms =
        [
            .. JsonDocument.Parse(line).RootElement.GetProperty("gradient_norms").EnumerateArray()
                .Select(norm => norm.GetDouble()),
        ];
        Assert.Equal(7, norms.Length);
        Assert.InRange(norms[0] / norms[^1], least, most);
    }

    [Theory]
    [InlineData("s-curve", "fit")]
    [InlineData("two-predictors", "decision-boundary")]
    [InlineData("heart", "hidden-units")]
    public async Task Plot_ExampleOfTheCatalogue_IsDrawn(string example, string kind)
    {
        CommandResult trained = await TrainAsync(example, "--set", "training.epochs=2");

        CommandResult drawn = await _trainer.RunAsync(
            TestContext.Current.CancellationToken, "plot", Path.Combine(_trainer.Folder, "run"), "--kind", kind);

        Assert.True(trained.ExitCode == ExitCode.Done, trained.Everything);
        Assert.True(drawn.ExitCode == ExitCode.Done, drawn.Everything);
        Assert.EndsWith($"{kind}.svg\n", drawn.Output, StringComparison.Ordinal);
    }

    private Task<CommandResult> TrainAsync(string example, params string[] arguments)
    {
        string folder = Path.Combine(_trainer.Folder, "run");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        string job = Path.Combine(Examples(), $"{example}.yaml");
        return _trainer.RunAsync(
            TestContext.Current.CancellationToken, ["train", job, "--silos", "0", "--out", folder, .. arguments]);
    }

    private JsonElement Summary() => JsonDocument
        .Parse(File.ReadAllText(Path.Combine(_trainer.Folder, "run", "summary.json"))).RootElement;

    private static string Examples()
    {
        string root = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(root, "examples")))
        {
            root = Path.GetDirectoryName(root)
                ?? throw new InvalidOperationException("There is no folder of examples above the tests.");
        }

        return Path.Combine(root, "examples");
    }
}
