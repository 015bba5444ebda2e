using Trainer.Commands;
using Trainer.Data;

using Xunit;

namespace Trainer.Inference;

public sealed class EvaluationTests : IDisposable
{
    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Create_Binary_CountsAtTheThreshold()
    {
        // Logits 2, 0, -1, 1: probabilities .88, .5, .27, .73.
        string table = "x,y,label\n1,0,yes\n0,0,no\n0,1,yes\n1,1,no\n";

        Evaluation usual = Evaluate(SmallModels.Load(_models.Binary()), table, 0.5);
        Evaluation strict = Evaluate(SmallModels.Load(_models.Binary()), table, 0.8);

        Assert.Equal([0, 2, 1, 1], usual.Confusion);
        Assert.Equal(0.25, usual.Metrics["accuracy"]);
        Assert.Equal([2, 0, 1, 1], strict.Confusion);
        Assert.Equal(0.75, strict.Metrics["accuracy"]);
        Assert.Equal(0.5, strict.Metrics["auc"]);
        Assert.Equal(0.8, strict.Threshold);
        Assert.Equal(["no", "yes"], strict.Classes);
        Assert.Equal([0, 0, 1, 0, 1, 0, 0, 1, 1, 0], strict.Calibration.Select(bin => bin.Rows));
    }

    [Fact]
    public void Create_ThreeClasses_CountsActualByPredicted()
    {
        string table = "x,y,kind\n5,1,a\n1,5,a\n1,5,\"b,c\"\n-1,-1,d\n5,1,d\n";

        Evaluation evaluation = Evaluate(SmallModels.Load(_models.ThreeClasses()), table, 0.5);

        Assert.Equal([1, 1, 0, 0, 1, 0, 1, 0, 1], evaluation.Confusion);
        Assert.Equal(0.6, evaluation.Metrics["accuracy"], 12);
        Assert.Equal(5, evaluation.Calibration.Sum(bin => bin.Rows));
        Assert.Null(evaluation.Threshold);
        Assert.Equal(5, evaluation.Rows);
    }

    [Fact]
    public void Create_Regression_HasErrorsAndNoClasses()
    {
        string table = "x,y,u,v\n1,0,1.5,1\n0,1,0.5,1\n";

        Evaluation evaluation = Evaluate(SmallModels.Load(_models.TwoTargets()), table, 0.5);

        Assert.Equal(["loss", "mae", "mse", "r2"], evaluation.Metrics.Keys);
        Assert.Equal(0.25, evaluation.Metrics["mse"]);
        Assert.Equal(0.25, evaluation.Metrics["mae"]);
        Assert.Empty(evaluation.Classes);
        Assert.Empty(evaluation.Confusion);
        Assert.Empty(evaluation.Calibration);
    }

    [Fact]
    public void Threshold_ModelWithoutPositiveClass_Refused()
    {
        TrainedModel model = SmallModels.Load(_models.ThreeClasses());

        var error = Assert.Throws<CommandException>(() => model.Threshold(0.3));

        Assert.StartsWith("'--threshold' is 0.3; ", error.Message);
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    private Evaluation Evaluate(TrainedModel model, string table, double threshold) => Evaluation.Create(
        model, Catalogue.Register(_models.Write("test.csv", table)), threshold, TestContext.Current.CancellationToken);
}
