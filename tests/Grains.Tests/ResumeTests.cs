using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Checkpoints;
using Trainer.Data;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Grains;

/// <summary>A job that goes on from any checkpoint, on more silos, ends like one that nothing happened to.</summary>
public sealed class ResumeTests(TwoSiloCluster two, ThreeSiloCluster three)
    : IClassFixture<TwoSiloCluster>, IClassFixture<ThreeSiloCluster>
{
    private const string Digits = """
        version: 1
        data: {source: digits}
        model: {hidden: [33, 17]}
        optimizer: {name: adam, learning_rate: 0.01}
        training: {epochs: 20, batch_size: 200}
        distributed: {logical_shards: 8}
        early_stopping: null
        checkpoint: {every_seconds: null, every_steps: 2, keep: 1000}
        """;

    // What depends on the clock and on who worked.
    private static readonly string[] Changing =
        ["id", "rows_per_second", "wall_seconds", "seconds", "workers", "grains", "silos"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd", "optimizer={name: sgd, learning_rate: 0.1}")]
    [InlineData("nesterov", "optimizer={name: sgd, learning_rate: 0.1, momentum: 0.9, nesterov: true}")]
    [InlineData("amsgrad", "optimizer={name: adam, amsgrad: true}")]
    [InlineData("adamw", "optimizer={name: adamw, weight_decay: 0.1, decay_biases: false}")]
    [InlineData("nadam", "optimizer={name: nadam}")]
    [InlineData("rmsprop", "optimizer={name: rmsprop, clip_norm: 0.25}")]
    [InlineData("adagrad", "optimizer={name: adagrad}")]
    [InlineData("adadelta", "optimizer={name: adadelta}")]
    [InlineData("cosine", "schedule={name: cosine, warmup_steps: 5}", "model.dropout=0.3")]
    [InlineData("in-order", "training.shuffle=false", "data.weights=pixel_3_4")]
    [InlineData("cut", "training.max_steps=137", "schedule={name: step, every: 1, factor: 0.5}")]
    [InlineData("skips", "on_non_finite=skip")]
    [InlineData("stops", "training.epochs=12", "optimizer.learning_rate=0.3", "early_stopping={patience: 2}")]
    [InlineData("folds", "split={folds: 3}", "training.epochs=8")]
    public async Task Start_FromAnyCheckpoint_EndsAsIfNothingHadHappened(string id, params string[] overrides)
    {
        (JobSpec job, DataPlan data) = two.Resolve(Digits, overrides);
        JobProgress whole = await TwoSiloCluster.EndAsync(await two.StartAsync(id, job, data), Stop);
        Assert.Equal(JobState.Completed, whole.State);
        IReadOnlyList<CheckpointName> all =
            CheckpointReader.List(RunFiles.Checkpoints(Path.Combine(two.Folder, id)), DiskFiles.Instance);
        Assert.NotEmpty(all);
        var random = new Random(id.Length);
        foreach (CheckpointName from in random.GetItems([.. all], 2).Append(all[0]).Append(all[^1]).Distinct())
        {
            string copy = $"{id}-{from.Step}";
            CopyUntil(from, Path.Combine(two.Folder, id), Path.Combine(three.Folder, copy));

            JobProgress end =
                await TwoSiloCluster.EndAsync(await three.StartAsync(copy, job, data, attempt: "again"), Stop);

            Assert.True(end.State == JobState.Completed, $"from {from}: {end.Error}");
            Assert.Equal(Unchanging(whole.Summary!), Unchanging(end.Summary!));
            Assert.Equal(Metrics(Path.Combine(two.Folder, id)), Metrics(Path.Combine(three.Folder, copy)));
        }
    }

    [Fact]
    public async Task Start_NewestDamaged_GoesOnFromTheOneBeforeAndNamesBoth()
    {
        (JobSpec job, DataPlan data) = two.Resolve(Digits);
        JobProgress whole = await TwoSiloCluster.EndAsync(await two.StartAsync("damaged", job, data), Stop);
        string folder = Path.Combine(two.Folder, "damaged");
        string checkpoints = RunFiles.Checkpoints(folder);
        CheckpointName[] all = [.. CheckpointReader.List(checkpoints, DiskFiles.Instance)];
        byte[] content = File.ReadAllBytes(Path.Combine(checkpoints, all[0].File));
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(checkpoints, all[0].File), content);

        JobProgress end =
            await TwoSiloCluster.EndAsync(await two.StartAsync("damaged", job, data, attempt: "again"), Stop);

        Assert.Equal(Unchanging(whole.Summary!), Unchanging(end.Summary!));
        Assert.Contains(
            $"warning: checkpoint '{all[0].File}' cannot be used: its SHA-256 is not the one of its manifest; going on "
            + $"from '{all[1].File}'.",
            end.Messages);
    }

    [Fact]
    public async Task Start_CheckpointOfAnotherJob_FailsAndSaysWhatDiffers()
    {
        (JobSpec job, DataPlan data) = two.Resolve(Digits);
        await TwoSiloCluster.EndAsync(await two.StartAsync("other", job, data), Stop);

        JobProgress end = await TwoSiloCluster.EndAsync(
            await two.StartAsync("other", job with { Seed = 7 }, data, attempt: "again"), Stop);

        Assert.Equal(JobState.Failed, end.State);
        Assert.EndsWith("cannot be used: 'job.yaml' has changed since. Start a new run.", end.Error!);
    }

    [Fact]
    public async Task Pause_ThenStartAgain_EndsAsIfNothingHadHappened()
    {
        (JobSpec job, DataPlan data) = two.Resolve(
            Digits, "training.epochs=200", "checkpoint={every_seconds: null, every_steps: null}");
        JobProgress whole = await TwoSiloCluster.EndAsync(await two.StartAsync("unpaused", job, data), Stop);
        ITrainingJobGrain grain = await two.StartAsync("paused", job, data);
        await StepsAsync(grain, 20);

        await grain.PauseAsync();

        JobProgress paused = await TwoSiloCluster.EndAsync(grain, Stop);
        Assert.Equal(JobState.Paused, paused.State);
        CheckpointName written = Assert.Single(
            CheckpointReader.List(RunFiles.Checkpoints(Path.Combine(two.Folder, "paused")), DiskFiles.Instance));
        Assert.Equal(new CheckpointName(1, paused.Step), written);
        JobProgress end =
            await TwoSiloCluster.EndAsync(await two.StartAsync("paused", job, data, attempt: "again"), Stop);
        Assert.Equal(JobState.Completed, end.State);
        Assert.Equal(Unchanging(whole.Summary!), Unchanging(end.Summary!));
    }

    [Fact]
    public async Task Start_SecondAttemptWhileTheFirstRuns_IsRefused()
    {
        (JobSpec job, DataPlan data) = two.Resolve(Digits, "training.epochs=2000");
        ITrainingJobGrain grain = await two.StartAsync("twice", job, data);

        var error = await Assert.ThrowsAsync<Errors.TrainerException>(
            () => two.StartAsync("twice", job, data, attempt: "again"));

        Assert.Equal("Job 'twice' still runs; 'trainer attach twice' follows it.", error.Message);
        await grain.CancelAsync();
        Assert.Equal(JobState.Cancelled, (await TwoSiloCluster.EndAsync(grain, Stop)).State);
    }

    [Fact]
    public async Task Start_FolderClaimedByAnother_StopsAndWritesNothingMore()
    {
        (JobSpec job, DataPlan data) = two.Resolve(Digits, "training.epochs=2000");
        ITrainingJobGrain grain = await two.StartAsync("fenced", job, data);
        await StepsAsync(grain, 20);
        string folder = Path.Combine(two.Folder, "fenced");

        CheckpointClaim.Take(RunFiles.Checkpoints(folder), DiskFiles.Instance);

        JobProgress end = await TwoSiloCluster.EndAsync(grain, Stop);
        Assert.Equal(JobState.Failed, end.State);
        Assert.EndsWith("incarnation 2 of the job has taken its folder over; incarnation 1 must end.", end.Error!);
        Assert.False(File.Exists(Path.Combine(folder, "summary.json")));
        Assert.False(File.Exists(Path.Combine(folder, "model.safetensors")));
    }

    private static async Task StepsAsync(ITrainingJobGrain grain, long steps)
    {
        JobProgress progress = await grain.WatchAsync(0);
        while (progress.Step < steps && progress.Summary is null)
        {
            Stop.ThrowIfCancellationRequested();
            progress = await grain.WatchAsync(progress.Sequence);
        }
    }

    // What a kill at that moment would have left.
    private static void CopyUntil(CheckpointName last, string source, string target)
    {
        Directory.CreateDirectory(RunFiles.Checkpoints(target));
        File.Copy(Path.Combine(source, "metrics.jsonl"), Path.Combine(target, "metrics.jsonl"));
        string checkpoints = RunFiles.Checkpoints(source);
        foreach (CheckpointName name in CheckpointReader.List(checkpoints, DiskFiles.Instance))
        {
            foreach (string file in name.CompareTo(last) <= 0 ? [name.File, name.Manifest] : Array.Empty<string>())
            {
                File.Copy(Path.Combine(checkpoints, file), Path.Combine(RunFiles.Checkpoints(target), file));
            }
        }
    }

    private static string Unchanging(string json)
    {
        JsonObject summary = JsonNode.Parse(json)!.AsObject();
        Array.ForEach(Changing, key => summary.Remove(key));
        return summary.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static string[] Metrics(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(Unchanging)];
}
