using System.Text.Json.Nodes;

using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Jobs;

public sealed class SweepFileTests
{
    private const string Conditional = """
        data: {source: heart}
        seed: 7
        optimizer: {name: adam, learning_rate: 0.01, beta1: 0.8}
        training: {epochs: 5}
        sweep:
          sampler: {name: tpe, multivariate: true}
          scheduler: asha
          trials: 9
          repeats: 3
          space:
            optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}
            optimizer.momentum: {uniform: [0, 0.9], when: {optimizer.name: sgd}}
            optimizer.name: {choice: [adam, sgd]}
            model.hidden: {layers: {int: [1, 3]}, width: {choice: [8, 16, 32]}}
            training.batch_size: {int: [16, 64], step: 16}
        """;

    [Fact]
    public void Parse_WholeFile_JobSweepAndSpace()
    {
        SweepFile file = Parse(Conditional);

        Assert.Equal("heart", file.Job.Data.Source);
        Assert.Equal(
            (9, 3, "tpe", "asha", Goal.Minimize, 7UL),
            (file.Sweep.Trials, file.Sweep.Repeats, file.SamplerName, file.SchedulerName, file.Goal, file.Seed));
        Assert.True(((TpeSpec)file.Sweep.Sampler).Multivariate);
        Assert.Equal(
            [
                "optimizer.learning_rate", "optimizer.momentum", "optimizer.name", "training.batch_size",
                "model.hidden.layers", "model.hidden.width.1", "model.hidden.width.2", "model.hidden.width.3",
            ],
            file.Space.Dimensions.Select(dimension => dimension.Path));
    }

    [Theory]
    [InlineData("validation.accuracy", Goal.Maximize)]
    [InlineData("validation.loss", Goal.Minimize)]
    [InlineData("test.r2", Goal.Maximize)]
    [InlineData("train.mae", Goal.Minimize)]
    public void Goal_NotGiven_FollowsTheMetric(string metric, Goal goal) =>
        Assert.Equal(goal, Parse(Conditional, $"sweep.metric={metric}").Goal);

    [Fact]
    public void Parse_NestedMaps_SameSpaceAsDottedKeys()
    {
        SweepFile nested = Parse("""
            data: {source: heart}
            sweep:
              space: {optimizer: {learning_rate: {uniform: [0.1, 0.2]}}, model: {activation: {choice: [relu, tanh]}}}
            """);

        Assert.Equal(
            ["optimizer.learning_rate", "model.activation"],
            nested.Space.Dimensions.Select(dimension => dimension.Path));
    }

    [Fact]
    public void Parse_SetOfTheSpace_ReplacesTheEntryOrAddsOne()
    {
        SweepFile file = Parse(
            Conditional,
            "sweep.space.training.batch_size={choice: [32]}",
            "sweep.space.model.activation={choice: [relu, tanh]}",
            "sweep.trials=4",
            "training.epochs=2");

        Assert.Equal((4, 2), (file.Sweep.Trials, file.Job.Training.Epochs));
        Dimension batch = file.Space.Dimensions[file.Space.IndexOf("training.batch_size")];
        Assert.Equal((DimensionKind.Choice, "32"), (batch.Kind, batch.Labels.Single()));
        Assert.True(file.Space.IndexOf("model.activation") >= 0);
    }

    [Fact]
    public void Parse_Environment_OverridesJobAndSweep()
    {
        SweepFile file = SweepFile.Parse(Text(Conditional) with
        {
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty
                .Add("TRAINER__TRAINING__EPOCHS", "3")
                .Add("TRAINER__SWEEP__TRIALS", "2"),
        });

        Assert.Equal((3, 2), (file.Job.Training.Epochs, file.Sweep.Trials));
    }

    [Fact]
    public void JobOf_InactiveDimension_StaysAsInTheJob()
    {
        SweepFile file = Parse(Conditional);
        string[] sets = ["optimizer.learning_rate=0.02", "optimizer.name=adam", "model.hidden=[8]"];

        JobSpec job = file.JobOf(sets);

        var adam = Assert.IsType<AdamSpec>(job.Optimizer);
        Assert.Equal((0.02, 0.8), (adam.LearningRate, adam.Beta1));
        Assert.Equal([8], job.Model.Hidden);
    }

    // The command that a sweep prints sets a trial's values on the job file that the sweep wrote.
    [Fact]
    public void JobOf_AnyPoint_IsTheJobOfTrainWithThoseSets()
    {
        SweepFile file = Parse(Conditional, "optimizer.learning_rate=0.5", "preprocess.numeric=min_max");
        using var folder = new JobFolder();
        string path = folder.Write("job.yaml", JobFile.ToYaml(file.Job));
        var draws = new Random(3);

        for (int i = 0; i < 40; i++)
        {
            double[] unit = [.. file.Space.Dimensions.Select(_ => draws.NextDouble())];
            IReadOnlyList<string> sets = file.SetsOf(file.Space.Decode(unit));

            JobSpec trained = JobFile.Load(path, sets, new Dictionary<string, string>());

            Assert.Equal(JobFile.ToYaml(trained), JobFile.ToYaml(file.JobOf(sets)));
        }
    }

    [Fact]
    public void WithSeed_Repeats_CountFromTheSeedOfTheJob()
    {
        SweepFile file = Parse(Conditional);

        Assert.Equal(
            [7L, 8L, 9L],
            Enumerable.Range(0, 3).Select(repeat => file.JobOf(file.WithSeed(["model.hidden=[8]"], repeat)).Seed));
    }

    [Fact]
    public void ToYaml_ReadAgain_SameSweep()
    {
        SweepFile file = Parse(Conditional, "sweep.space.training.epochs={log_int: [2, 30]}");

        SweepFile again = Parse(file.ToYaml(file.Job));

        Assert.Equal(file.ToYaml(file.Job), again.ToYaml(again.Job));
        Assert.Equal(
            file.Space.Dimensions.Select(one => (one.Path, one.Kind, one.Low, one.High)),
            again.Space.Dimensions.Select(one => (one.Path, one.Kind, one.Low, one.High)));
        Assert.Equal(file.Sweep, again.Sweep);
    }

    [Theory]
    [InlineData("3", "3")]
    [InlineData("1E-05", "1E-05")]
    [InlineData("[8, 16]", "[8,16]")]
    [InlineData("relu", "\"relu\"")]
    [InlineData("\"12\"", "\"12\"")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("{name: sgd, momentum: 0.9}", "{\"name\":\"sgd\",\"momentum\":0.9}")]
    public void ParameterText_Yaml_IsJson(string yaml, string json) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(json), ParameterText.ToJson(yaml)),
        ParameterText.ToJson(yaml)?.ToJsonString() ?? "null");

    private static SweepFile Parse(string content, params string[] sets) => SweepFile.Parse(Text(content, sets));

    private static SweepText Text(string content, params string[] sets) =>
        new(content, "sweep.yaml", [.. sets], System.Collections.Immutable.ImmutableDictionary<string, string>.Empty);
}
