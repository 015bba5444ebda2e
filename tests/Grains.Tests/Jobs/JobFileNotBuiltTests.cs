using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobFileNotBuiltTests
{
    [Theory]
    [InlineData("precision: bf16", "'precision' is \"bf16\"", "fp32")]
    [InlineData("device: gpu", "'device' is \"gpu\"", "cpu")]
    [InlineData("distributed: {mode: asynchronous}", "'distributed.mode' is \"asynchronous\"", "synchronous")]
    [InlineData("distributed: {max_staleness: 2}", "'distributed.max_staleness' is 2", "null or leave it out")]
    [InlineData("distributed: {compression: bf16}", "'distributed.compression' is \"bf16\"", "none")]
    [InlineData("telemetry: {gradient_spans: all}", "'telemetry.gradient_spans' is \"all\"", "sampled")]
    public void Parse_FeatureOfTheContract_IsRefusedByName(string text, string what, string use)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => JobFile.Parse($"data: {{source: heart}}\n{text}", "job.yaml"));

        Assert.Equal($"job.yaml:2: {what}, which is not built yet; use {use}.", error.Message);
    }

    [Fact]
    public void Parse_SweepFile_SaysWhatRunsIt()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => JobFile.Parse("data: {source: heart}\nsweep: {trials: 30}", "job.yaml"));

        Assert.Equal("job.yaml:2: 'sweep' makes this a sweep file; run it with 'trainer sweep FILE'.", error.Message);
    }

    [Theory]
    [InlineData("parquet")]
    public void Parse_Format_IsRefusedByName(string format)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => JobFile.Parse($"data: {{source: heart, format: {format}}}", "job.yaml"));

        Assert.Equal(
            $"job.yaml:1: 'data.format' is \"{format}\", which is not built yet; use auto, csv, idx or npy.",
            error.Message);
    }

    [Fact]
    public void Parse_FeaturesSwitchedOff_AreAccepted()
    {
        const string Text = """
            data: {source: heart}
            split: {folds: null, test_source: null, test_target: null}
            model: {dropout: 0.0, initial_weights: null}
            loss: {name: auto, label_smoothing: 0, class_weights: none, positive_weight: 1}
            optimizer: {name: sgd, nesterov: false, decay_biases: true, clip_norm: null}
            schedule: {name: constant, warmup_steps: 0}
            distributed: {max_staleness: null, local_steps: null}
            sweep: null
            """;

        JobSpec job = JobFile.Parse(Text, "job.yaml");

        Assert.Equal(JobFile.ToYaml(JobFile.Parse("{data: {source: heart}, optimizer: sgd}", "")), JobFile.ToYaml(job));
    }
}
