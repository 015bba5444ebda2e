using System.Text.Json.Nodes;

using Xunit;

namespace Trainer.Runs;

public sealed class FoldFiguresTests
{
    [Fact]
    public void Add_Folds_HasMeanAndDeviationOfASample()
    {
        var summary = new JsonObject();

        FoldFigures.Add(summary, [Fold(1, 0.5), Fold(2, 0.7), Fold(3, 0.9)]);

        Assert.Equal(3, summary["folds"]!.AsArray().Count);
        Assert.Equal(0.5, (double)summary["folds"]![0]!["test"]!["accuracy"]!);
        Assert.Equal(0.7, (double)summary["mean"]!["accuracy"]!, 1e-15);
        Assert.Equal(0.2, (double)summary["standard_deviation"]!["accuracy"]!, 1e-15);
    }

    [Fact]
    public void Add_MetricThatAFoldLeavesUndefined_HasNoMean()
    {
        var summary = new JsonObject();
        FoldResult bare = Fold(2, 0.5);
        bare.Summary.Parts["test"] = [new("loss", 1)];

        FoldFigures.Add(summary, [Fold(1, 0.5), bare]);

        Assert.Equal(["loss"], summary["mean"]!.AsObject().Select(metric => metric.Key));
    }

    [Fact]
    public void Add_NoFolds_AddsNothing()
    {
        var summary = new JsonObject();

        FoldFigures.Add(summary, []);

        Assert.Empty(summary);
    }

    private static FoldResult Fold(int number, double accuracy)
    {
        var summary = new RunSummary();
        summary.Parts["train"] = [new("loss", 1)];
        summary.Parts["test"] = [new("loss", 2), new("accuracy", accuracy)];
        return new FoldResult(number, 8, 2, summary);
    }
}
