using Trainer.Data;
using Trainer.Errors;
using Trainer.Losses;
using Trainer.Models;

using Xunit;

namespace Trainer.Jobs;

public sealed class ObjectivePlanTests : IDisposable
{
    private const string AllTrain = "split={train: 1, validation: 0, test: 0, stratify: false}";

    private readonly JobFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_BalancedWeights_AreScikitLearns()
    {
        // 60 rows: 30 a, 20 b, 10 c; N / (K N_c) = 60/90, 60/60, 60/30.
        JobPlan plan = Plan(AllTrain, "loss={class_weights: balanced}");

        Assert.Equal([(float)(60 / 90.0), 1f, 2f], plan.Objective.ClassWeights);
        Assert.Equal(LossFunction.CrossEntropy, plan.Architecture.Loss);
    }

    [Fact]
    public void Create_BalancedWeights_CountTrainingRowsOnly()
    {
        JobPlan plan = Plan("split={train: 0.5, validation: 0.5, test: 0}", "loss={class_weights: balanced}");

        Assert.Equal([(float)(30 / 45.0), 1f, 2f], plan.Objective.ClassWeights);
    }

    [Fact]
    public void Create_GivenWeights_OthersAreOne()
    {
        JobPlan plan = Plan("loss={class_weights: {c: 3, a: 0.5}, label_smoothing: 0.25}");

        Assert.Equal([0.5f, 1f, 3f], plan.Objective.ClassWeights);
        Assert.Equal(0.25, plan.Objective.LabelSmoothing);
    }

    [Fact]
    public void Create_PositiveWeight_IsTaken()
    {
        JobPlan plan = Plan("data.target=two", "loss={positive_weight: 2.5}");

        Assert.Equal(2.5f, plan.Objective.PositiveWeight);
    }

    [Fact]
    public void Create_Perceptron_HasASigmoidUnitWithItsLoss()
    {
        JobPlan plan = Plan("data.target=two", "loss=perceptron", "model.hidden=[]");

        Assert.Equal(
            (OutputUnit.Sigmoid, LossFunction.Perceptron), (plan.Architecture.OutputUnit, plan.Architecture.Loss));
    }

    [Theory]
    [InlineData("loss=perceptron", "'loss' is perceptron, which does not fit the output unit softmax; set it to "
        + "cross_entropy or auto.")]
    [InlineData("loss={positive_weight: 2}", "'loss.positive_weight' is set, but the loss is cross_entropy; it goes "
        + "with binary_cross_entropy only, so leave it out.")]
    [InlineData("loss={class_weights: {d: 2}}", "'loss.class_weights.d' names no class of the target; the classes are "
        + "a, b, c.")]
    [InlineData("loss={class_weights: {a: 0, b: 0, c: 0}}", "'loss.class_weights' gives every training row the "
        + "weight 0; give at least one class more.")]
    public void Create_LossOfThreeClasses_SaysWhatDoesNotFit(string loss, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Plan(loss));

        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("loss={label_smoothing: 0.1}", "'loss.label_smoothing' is set, but the loss is binary_cross_entropy; "
        + "it goes with cross_entropy only, so leave it out.")]
    [InlineData("loss={name: perceptron, positive_weight: 2}", "'loss.positive_weight' is set, but the loss is "
        + "perceptron; it goes with binary_cross_entropy only, so leave it out.")]
    public void Create_LossOfTwoClasses_SaysWhatDoesNotFit(string loss, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Plan("data.target=two", loss));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void Create_PerceptronWithThreshold_IsRefused()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Plan("data.target=two", "loss=perceptron", "model.threshold=0.7"));

        Assert.Equal(
            "'model.threshold' is 0.7, but a perceptron gives no probability, only a class; leave it out.",
            error.Message);
    }

    [Fact]
    public void Create_WeightsOfARegression_AreRefused()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Plan(
                "data={source: rows.csv, target: x, features: {exclude: [two, three]}}",
                "model.output=linear",
                "loss={class_weights: balanced}"));

        Assert.Equal(
            "'loss.class_weights' is set, but the loss is mse; it goes with a target of classes only, so leave it out.",
            error.Message);
    }

    [Theory]
    [InlineData("loss={class_weights: balanced, label_smoothing: 0.1}")]
    [InlineData("loss={class_weights: {a: 2, c: 0.25}}")]
    [InlineData("model.dropout=0.5")]
    public void Create_ResolvedJob_GivesTheSameObjective(string set)
    {
        JobSpec job = Load(set);
        DataPlan data = Read(job);
        JobPlan once = JobPlan.Create(job, data);

        JobPlan twice = JobPlan.Create(
            JobFile.Parse(JobFile.ToJson(once.Job), "job"), DataPlan.FromJson(data.ToJson()));

        Assert.Equal(once.Objective.ClassWeights, twice.Objective.ClassWeights);
        Assert.Equal(once.Objective with { ClassWeights = [] }, twice.Objective with { ClassWeights = [] });
        Assert.Equal(JobFile.ToYaml(once.Job), JobFile.ToYaml(twice.Job));
    }

    private JobPlan Plan(params string[] sets)
    {
        JobSpec job = Load(sets);
        return JobPlan.Create(job, Read(job));
    }

    private DataPlan Read(JobSpec job) =>
        DataPlan.Create(JobPlan.Request(job, _folder.Path), TestContext.Current.CancellationToken);

    // Three classes of 30, 20 and 10 rows, and two.
    private JobSpec Load(params string[] sets)
    {
        IEnumerable<string> lines = Enumerable.Range(0, 60).Select(
            row => $"{row},{row * 0.5},{"aaabbc"[row % 6]},{"yn"[row % 2]}");
        _folder.Write("rows.csv", $"x,half,three,two\n{string.Join('\n', lines)}\n");
        return _folder.Load(
            "data: {source: rows.csv, target: three, features: {include: [x]}}",
            ["early_stopping=null", .. sets]);
    }
}
