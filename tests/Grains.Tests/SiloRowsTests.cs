using Trainer.Data;
using Trainer.Jobs;
using Trainer.Placement;

using Xunit;

namespace Trainer.Grains;

/// <summary>Workers on the same silo share its rows.</summary>
public sealed class SiloRowsTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    [Fact]
    public async Task Load_OfTwoWorkersOnASilo_ReadsTheSourceOnce()
    {
        string file = Path.Combine(cluster.Folder, "rows.csv");
        await File.WriteAllTextAsync(
            file,
            $"x,y\n{string.Concat(Enumerable.Range(0, 64).Select(row => $"{row},{row}.5\n"))}",
            TestContext.Current.CancellationToken);
        (JobSpec job, DataPlan data) = cluster.Resolve(
            $"version: 1\ndata: {{source: '{file}', target: y}}\nmodel: {{hidden: [4]}}\n"
            + "split: {train: 0.5, validation: 0.5, test: 0}\ntraining: {batch_size: 8}\n"
            + "distributed: {logical_shards: 4}\n");
        await On(() => cluster.Grains.GetGrain<IParameterServerGrain>("silo-rows/0").InitializeAsync(
            new PartitionAssignment(1, job, data.ToJson(), 0, 1, null)));
        IDataShardGrain first = cluster.Grains.GetGrain<IDataShardGrain>("silo-rows/0");
        IDataShardGrain second = cluster.Grains.GetGrain<IDataShardGrain>("silo-rows/1");

        ShardLoaded one = await On(() => first.LoadAsync(Assignment(0, 1)));
        File.Delete(file);
        ShardLoaded other = await On(() => second.LoadAsync(Assignment(1, 3)));

        Assert.Equal((8, 24), (one.Rows, other.Rows));
        await first.ReleaseAsync();
        await second.ReleaseAsync();

        ShardAssignment Assignment(int shard, int count) =>
            new(1, job, data.ToJson(), shard, count, 1, null) { SiloShards = [0, 1, 2, 3] };
    }

    private Task<T> On<T>(Func<Task<T>> call) => SiloNamePlacement.OnAsync(cluster.Silos[0], call);
}
