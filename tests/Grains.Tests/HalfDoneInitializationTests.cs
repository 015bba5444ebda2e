using Trainer.Data;
using Trainer.Jobs;
using Trainer.Placement;

using Xunit;

namespace Trainer.Grains;

/// <summary>Calls that failed half-way: repeated, they fail again or do the whole.</summary>
public sealed class HalfDoneInitializationTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    private const string Digits = "version: 1\ndata: {source: digits}\nmodel: {hidden: [4]}\n";

    [Fact]
    public async Task Load_WithoutServers_FailsAgainUntilTheyAreThere()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits);
        IDataShardGrain worker = cluster.Grains.GetGrain<IDataShardGrain>("half-load/0");
        var assignment = new ShardAssignment(1, job, data.ToJson(), 0, job.Distributed.LogicalShards!.Value, 1, null);

        await Assert.ThrowsAnyAsync<Exception>(() => On(() => worker.LoadAsync(assignment)));
        await Assert.ThrowsAnyAsync<Exception>(() => On(() => worker.LoadAsync(assignment)));
        await InitializeAsync("half-load/0", new PartitionAssignment(1, job, data.ToJson(), 0, 1, null));
        ShardLoaded loaded = await On(() => worker.LoadAsync(assignment));

        Assert.Equal(data.Rows(DataPart.Train), loaded.Rows);
        await worker.ReleaseAsync();
    }

    [Fact]
    public async Task Initialize_BadPlan_FailsAgainUntilItIsGood()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits);
        var bad = new PartitionAssignment(1, job, "{}", 0, 1, null);

        await Assert.ThrowsAnyAsync<Exception>(() => InitializeAsync("half-server/0", bad));
        await Assert.ThrowsAnyAsync<Exception>(() => InitializeAsync("half-server/0", bad));
        await InitializeAsync("half-server/0", bad with { DataPlan = data.ToJson() });

        PartitionWeights weights =
            await cluster.Grains.GetGrain<IParameterServerGrain>("half-server/0").PullAsync();
        Assert.True(weights.Weights.Values.Length > 0);
    }

    private Task<T> On<T>(Func<Task<T>> call) => SiloNamePlacement.OnAsync(cluster.Silos[0], call);

    private Task<string> InitializeAsync(string partition, PartitionAssignment assignment) =>
        On(() => cluster.Grains.GetGrain<IParameterServerGrain>(partition).InitializeAsync(assignment));
}
