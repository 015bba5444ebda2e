using System.Globalization;
using System.Text.Json;

using Trainer.Data;
using Trainer.Formats;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Grains;

/// <summary>Batches whose loss is infinite: one row of the data is so large that its square is not a number.</summary>
public sealed class SkippedBatchTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    private const int Epochs = 3;
    private const int Rows = 240;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Two partitions with the first network, one beside the only worker with the second.
    [Theory]
    [InlineData("two", "[64, 48]")]
    [InlineData("one", "[4]")]
    public async Task Start_Skip_LeavesTheBatchesOutOnAllPartitionsAlike(string id, string hidden)
    {
        (JobSpec job, DataPlan data) = Resolve(hidden, "skip");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync($"skip-{id}", job, data), Stop);

        Assert.True(end.State == JobState.Completed, end.Error);
        using var summary = JsonDocument.Parse(end.Summary!);
        Assert.Equal(Epochs, summary.RootElement.GetProperty("skipped_steps").GetInt64());
        Assert.Matches(
            @"^warning: Step \d+ \(epoch 1\): loss became NaN or infinite; the batch was skipped \('on_non_finite'\)\.",
            end.Messages[0]);
        Assert.Equal(
            ["warning: the loss of the train rows is NaN or infinite; the summary has no metrics of them."],
            end.Messages[1..]);
        Assert.All(end.Reports, report => Assert.True(double.IsFinite(report.TrainLoss) && report.TrainLoss > 0));
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, $"skip-{id}", "model.safetensors"));
        Assert.Equal(TwoSiloCluster.LoopWeights(job, data, Epochs), model.Parameters);
    }

    [Fact]
    public async Task Start_Fail_EndsAtThatStep()
    {
        (JobSpec job, DataPlan data) = Resolve("[64, 48]", "fail");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("skip-fail", job, data), Stop);

        Assert.Equal(JobState.Diverged, end.State);
        Assert.Matches(@"^Step \d+ \(epoch 1\): loss became NaN or infinite\.", end.Error);
    }

    [Fact]
    public async Task Start_SkipWithNothingElse_DivergesAfterAnEpoch()
    {
        (JobSpec job, DataPlan data) = Resolve("[4]", "skip", badRows: Rows);

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("skip-all", job, data), Stop);

        Assert.Equal(JobState.Diverged, end.State);
        Assert.StartsWith("The loss or the gradient of every step of epoch 1 became NaN", end.Error);
    }

    private (JobSpec Job, DataPlan Data) Resolve(string hidden, string onNonFinite, int badRows = 1)
    {
        var random = new Random(1);
        string file = Path.Combine(cluster.Folder, $"rows-{badRows}.csv");
        IEnumerable<string> lines = Enumerable.Range(0, Rows).Select(row =>
        {
            double x = random.NextDouble();
            double target = row < badRows ? 3e30 : x;
            return string.Create(CultureInfo.InvariantCulture, $"{x},{random.NextDouble()},{target}");
        });
        File.WriteAllLines(file, ["a,b,y", .. lines]);
        return cluster.Resolve($$"""
            data: {source: {{file}}, target: y}
            split: {train: 1.0, validation: 0, test: 0}
            model: {hidden: {{hidden}}, output: linear}
            optimizer: {name: adam, learning_rate: 0.01}
            training: {epochs: {{Epochs}}, batch_size: 40}
            distributed: {logical_shards: 4}
            on_non_finite: {{onNonFinite}}
            """);
    }
}
