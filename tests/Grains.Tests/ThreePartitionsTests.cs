using Trainer.Data;
using Trainer.Formats;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Grains;

public sealed class ThreePartitionsTests(ThreeSiloCluster cluster) : IClassFixture<ThreeSiloCluster>
{
    [Theory]
    [InlineData("{name: adam, learning_rate: 0.01, clip_norm: 0.25}")]
    [InlineData("{name: nadam, learning_rate: 0.01, weight_decay: 0.01, decay_biases: false}")]
    public async Task Start_Optimizer_SameWeightsAsTrainingLoopBitForBit(string optimizer)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        (JobSpec job, DataPlan data) = cluster.Resolve(
            $$"""
            version: 1
            data: {source: digits}
            model: {hidden: [33, 17]}
            optimizer: {{optimizer}}
            training: {epochs: 2, batch_size: 100}
            distributed: {logical_shards: 8, workers: 3}
            early_stopping: null
            """);
        string id = $"three-{job.Optimizer.GetType().Name}";

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync(id, job, data), stop);

        Assert.Equal(JobState.Completed, end.State);
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, id, "model.safetensors"));
        Assert.Equal(TwoSiloCluster.LoopWeights(job, data, epochs: 2), model.Parameters);
    }
}
