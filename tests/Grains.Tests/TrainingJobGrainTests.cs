using System.Text.Json;

using Trainer.Clusters;
using Trainer.Data;
using Trainer.Formats;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Grains;

public sealed class TrainingJobGrainTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    private const string Digits = """
        version: 1
        data: {source: digits}
        model: {hidden: [33, 17]}
        optimizer: {name: adam, learning_rate: 0.01}
        training: {epochs: 2, batch_size: 100}
        distributed: {logical_shards: 8}
        early_stopping: null
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Start_AnyWorkers_SameWeightsAsTrainingLoopBitForBit(int workers)
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits, $"distributed.workers={workers}");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync($"bits-{workers}", job, data), Stop);

        Assert.Equal(JobState.Completed, end.State);
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, $"bits-{workers}", "model.safetensors"));
        Assert.Equal(TwoSiloCluster.LoopWeights(job, data, epochs: 2), model.Parameters);
        Assert.Equal(
            new[] { 1, 2 }.Select(epochs => TwoSiloCluster.Loop(job, data, epochs).GradientNorms.ToArray()),
            end.Reports.Select(report => report.GradientNorms.ToArray()));
    }

    [Fact]
    public async Task Start_JobEndsWithinAnEpoch_ReportHasTheNormsOfItsLastStep()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits, "training.max_steps=14", "training.epochs=3");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("norms", job, data), Stop);

        Assert.Equal([13L, 14L], end.Reports.Select(report => report.Step));
        Assert.All(end.Reports, report => Assert.Equal(3, report.GradientNorms.Count(norm => norm > 0)));
    }

    [Fact]
    public async Task Start_Clipping_ReportHasTheNormsBeforeIt()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits, "optimizer.clip_norm=0.001");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("clipped-norms", job, data), Stop);

        Assert.Equal(
            TwoSiloCluster.Loop(job, data, 2).GradientNorms.ToArray(), end.Reports[^1].GradientNorms.ToArray());
        Assert.All(end.Reports[^1].GradientNorms, norm => Assert.True(norm > 0.01));
    }

    [Theory]
    [InlineData("dropout", "model.dropout=0.3")]
    [InlineData("row-weights", "data.weights=pixel_3_4")]
    [InlineData("weights", "loss={class_weights: {1: 2, 7: 0.3}, label_smoothing: 0.1}")]
    [InlineData("clipped", "optimizer.clip_norm=0.25")]
    [InlineData("biases", "optimizer={name: adamw, weight_decay: 0.1, decay_biases: false}")]
    [InlineData("schedule", "schedule={name: cosine, warmup_steps: 5}")]
    public async Task Start_FeatureOfTheJob_SameWeightsAsTrainingLoopBitForBit(string id, string overriding)
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits, "distributed.workers=3", overriding);
        (JobSpec plain, DataPlan plainData) = cluster.Resolve(Digits, "distributed.workers=3");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync(id, job, data), Stop);

        Assert.Equal(JobState.Completed, end.State);
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, id, "model.safetensors"));
        Assert.Equal(TwoSiloCluster.LoopWeights(job, data, epochs: 2), model.Parameters);
        Assert.NotEqual(TwoSiloCluster.LoopWeights(plain, plainData, epochs: 2), model.Parameters);
    }

    [Fact]
    public async Task Start_ClippedHugeLearningRate_DivergesAndDoesNotHang()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(
            Digits, "optimizer={name: sgd, learning_rate: 1e38, clip_norm: 1e30}", "training.epochs=5");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("clip-diverges", job, data), Stop);

        Assert.Equal(JobState.Diverged, end.State);
        Assert.Matches(@"^Step \d+ \(epoch 1\): (loss|layers\.\d\.(weight|bias)) became NaN or infinite\. ", end.Error);
    }

    [Fact]
    public async Task Start_Completed_SummaryCountsEveryRowOnceOverBothSilos()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits);

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("summary", job, data), Stop);

        JsonElement summary = JsonDocument.Parse(end.Summary!).RootElement;
        JsonElement[] grains = [.. summary.GetProperty("grains").EnumerateArray()];
        Assert.Equal(
            cluster.Silos,
            grains.Select(grain => grain.GetProperty("silo").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(data.Rows(DataPart.Train), grains.Sum(grain => grain.GetProperty("rows").GetInt32()));
        string folder = Path.Combine(cluster.Folder, "summary");
        Assert.Equal(end.Summary, await File.ReadAllTextAsync(Path.Combine(folder, "summary.json"), Stop));
        Assert.True(summary.GetProperty("test").GetProperty("accuracy").GetDouble() > 0.5);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(folder, "metrics.jsonl"), Stop)).Length);
    }

    [Fact]
    public async Task Start_Twice_RunsOnce()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits);
        ITrainingJobGrain grain = await cluster.StartAsync("twice", job, data);

        await cluster.StartAsync("twice", job, data);

        JobProgress end = await TwoSiloCluster.EndAsync(grain, Stop);
        Assert.Equal(end.Steps, end.Step);
        Assert.Equal([1, 2], end.Reports.Select(report => report.Epoch));
    }

    [Fact]
    public async Task Start_HugeLearningRate_DivergesNamingStepAndPlace()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(
            Digits, "optimizer={name: sgd, learning_rate: 1e30}", "training.epochs=5");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("diverges", job, data), Stop);

        Assert.Equal(JobState.Diverged, end.State);
        Assert.Matches(@"^Step \d+ \(epoch 1\): (loss|layers\.\d\.(weight|bias)) became NaN or infinite\. ", end.Error);
        Assert.False(File.Exists(Path.Combine(cluster.Folder, "diverges", "model.safetensors")));
        Assert.Equal("diverged", JobStateFile.TryRead(Path.Combine(cluster.Folder, "jobs", "diverges.json"))?.State);
    }

    [Theory]
    [InlineData("0.15", "validation")]
    [InlineData("0", "train")]
    public async Task Start_OnlyEvaluationSeesTheInfiniteLoss_Diverges(string validation, string part)
    {
        // One step: its own loss is that of the first weights, finite; the weights after it are finite too.
        (JobSpec job, DataPlan data) = cluster.Resolve(
            "version: 1\ndata: {source: {generator: plane, rows: 100}}\nmodel: {hidden: []}\n",
            $"split={{train: {(validation == "0" ? "1" : "0.85")}, validation: {validation}, test: 0}}",
            "optimizer={name: sgd, learning_rate: 1e25}",
            "training={epochs: 1, max_steps: 1}");

        JobProgress end = await TwoSiloCluster.EndAsync(
            await cluster.StartAsync($"diverges-{part}", job, data), Stop);

        Assert.Equal(JobState.Diverged, end.State);
        Assert.StartsWith(
            $"The loss of the {part} rows became NaN or infinite. ", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_Running_EndsAsCancelledWithTheWeightsItHad()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits, "training.epochs=1000000");
        ITrainingJobGrain grain = await cluster.StartAsync("cancelled", job, data);
        long seen = 0;
        while (await grain.WatchAsync(seen) is { Step: 0 } progress)
        {
            seen = progress.Sequence;
        }

        await grain.CancelAsync();

        JobProgress end = await TwoSiloCluster.EndAsync(grain, Stop);
        Assert.Equal(JobState.Cancelled, end.State);
        JsonElement summary = JsonDocument.Parse(end.Summary!).RootElement;
        Assert.Equal(64, summary.GetProperty("weights_sha256").GetString()!.Length);
        Assert.True(File.Exists(Path.Combine(cluster.Folder, "cancelled", "model.safetensors")));
    }

    [Fact]
    public async Task EarlyStopping_NoImprovement_StopsAndRestoresTheBestEpoch()
    {
        // So high a rate that validation soon gets worse: the model file must be the best epoch's.
        (JobSpec job, DataPlan data) = cluster.Resolve(
            Digits,
            "early_stopping={metric: validation.loss, patience: 2}",
            "optimizer.learning_rate=0.05",
            "training.epochs=200");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("early", job, data), Stop);

        JsonElement summary = JsonDocument.Parse(end.Summary!).RootElement;
        int best = summary.GetProperty("best_epoch").GetInt32();
        Assert.Equal(best + 2, end.Reports.Length);
        Assert.True(summary.GetProperty("stopped_early").GetBoolean());
        Assert.Equal(end.Reports.MinBy(report => Loss(report))!.Epoch, best);
        Assert.Equal(Loss(end.Reports[best - 1]), summary.GetProperty("validation").GetProperty("loss").GetDouble());
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, "early", "model.safetensors"));
        Assert.Equal(TwoSiloCluster.LoopWeights(job, data, best), model.Parameters);
    }

    [Fact]
    public async Task Watch_UnknownJob_SaysThatItDoesNotRunHere()
    {
        ITrainingJobGrain grain = cluster.Grains.GetGrain<ITrainingJobGrain>("nobody");

        Errors.JobNotRunningException error =
            await Assert.ThrowsAsync<Errors.JobNotRunningException>(() => grain.WatchAsync(0));

        Assert.StartsWith("Job 'nobody' does not run on this cluster", error.Message, StringComparison.Ordinal);
    }

    private static double Loss(EpochReport report) => report.Validation.Single(metric => metric.Name == "loss").Value;
}
