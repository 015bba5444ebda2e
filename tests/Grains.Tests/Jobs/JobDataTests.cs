using Trainer.Data;
using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-job-data-").FullName;

    public JobDataTests()
    {
        File.WriteAllText(
            Path.Combine(_folder, "train.csv"), "a,y\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n9,0\n10,1\n");
        File.WriteAllText(Path.Combine(_folder, "test.csv"), "a,y\n1,0\n2,1\n");
        File.WriteAllBytes(Path.Combine(_folder, "images"), [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6]);
        File.WriteAllBytes(Path.Combine(_folder, "labels"), [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]);
    }

    [Fact]
    public void Create_TestSource_ResolvesToItsFractionsAndPathsAndAgain()
    {
        JobSpec job = Parse("data: {source: train.csv, target: y}\nsplit: {test_source: test.csv}");

        JobSpec once = Resolve(job);

        Assert.Equal((0.9, 0.1, 0), (once.Split.Train, Math.Round(once.Split.Validation, 12), once.Split.Test));
        Assert.Equal(Path.Combine(_folder, "test.csv"), once.Split.TestSource);
        Assert.Equal(JobFile.ToJson(once), JobFile.ToJson(Resolve(JobFile.Parse(JobFile.ToYaml(once), "again.yaml"))));
    }

    [Fact]
    public void Request_IdxWithLabels_RegistersBoth()
    {
        JobSpec job = Parse(
            "data: {source: ./images, target: labels, format: idx}\nsplit: {train: 1, validation: 0, test: 0}");

        JobSpec resolved = Resolve(job);

        Assert.Equal([Path.Combine(_folder, "labels")], resolved.Data.Target);
        Assert.Equal(2, DataPlan.Create(JobPlan.Request(resolved, "/"), CancellationToken.None).Rows(DataPart.Train));
    }

    [Theory]
    [InlineData(
        "data: {source: ./images}",
        "'data.target' is missing; name the label file of 'images' (idx).")]
    [InlineData(
        "data: {source: train.csv, target: y, format: npy}",
        "'data.format' is npy, but 'train.csv' is csv; set it to that or to auto.")]
    [InlineData(
        "data: {source: ./images, target: train.csv}",
        "'data.target' is train.csv, which is no IDX or NPY file; name the label file of 'images'.")]
    [InlineData(
        "data: {source: train.csv, target: y}\nsplit: {test_source: test.csv, test_target: labels}",
        "'split.test_target' is labels, but 'test.csv' is CSV, which has its target in a column; leave it out.")]
    public void Request_FilesThatDoNotFit_SaysWhy(string text, string message)
    {
        ConfigurationException error =
            Assert.Throws<ConfigurationException>(() => JobPlan.Request(Parse(text), _folder));

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(
        "split: {train: 0.8, validation: 0.2, test: 0.1, test_source: t.csv}",
        "'split.test' is 0.1, but the test part is a file of its own; leave it out.")]
    [InlineData(
        "split: {train: 0.8, validation: 0.1, test_source: t.csv}",
        "the parts of 'split' sum to 0.9 (train 0.8, validation 0.1); without the test part, a file of its own, they " +
        "must sum to 1: set both.")]
    [InlineData("split: {test_target: t.csv}", "'split.test_target' is set without 'split.test_source'; set both.")]
    public void Parse_SplitThatDoesNotFit_SaysWhy(string split, string message)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => JobFile.Parse($"data: {{source: heart}}\n{split}", "job.yaml"));

        Assert.Equal($"job.yaml:2: {message}", error.Message);
    }

    [Theory]
    [InlineData("data: {source: fashion-mnist}")]
    [InlineData("data: {source: mnist}\nsplit: {train: 1.0, validation: 0}")]
    public void Parse_SetWithItsOwnTest_NeedsNoTestFraction(string text) =>
        Assert.NotNull(JobFile.Parse(text, "job.yaml"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JobSpec Parse(string text) => JobFile.Parse(text, "job.yaml");

    private JobSpec Resolve(JobSpec job) =>
        JobPlan.Create(job, DataPlan.Create(JobPlan.Request(job, _folder), CancellationToken.None)).Job;
}
