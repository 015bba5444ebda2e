using Trainer.Backends;
using Trainer.Data;
using Trainer.Preprocessing;

using Xunit;

namespace Trainer.Datasets;

/// <summary>The rows of a silo: each once, whoever holds them.</summary>
public sealed class DatasetCacheTests : IDisposable
{
    private const int Rows = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-cache-").FullName;
    private readonly ComputePool _pool = new(1);
    private readonly DatasetCache _cache;
    private readonly DataPlan _plan;
    private readonly string _file;

    public DatasetCacheTests()
    {
        _cache = new DatasetCache(_pool);
        _file = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(
            _file, $"x,y\n{string.Concat(Enumerable.Range(0, Rows).Select(row => $"{row},{row + 0.5}\n"))}");
        _plan = DataPlan.Create(
            new DataRequest(
                Catalogue.Register(_file), ["y"], [], [], [], 1, 0, 0, false, NumericScaling.None, null, 1),
            CancellationToken.None);
    }

    public void Dispose()
    {
        _pool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Lease_OfTwoWorkers_ReadsTheSourceOnceAndHoldsOneCopy()
    {
        using RowsLease first = await LeaseAsync([5, 0, 3], soon: [5, 0, 3, 1, 4, 2]);
        File.Delete(_file);

        using RowsLease second = await LeaseAsync([4, 1], soon: [5, 0, 3, 1, 4, 2]);
        using RowsLease same = await LeaseAsync([3, 4]);

        Assert.Equal([5f, 0, 3], Values(first));
        Assert.Equal([4f, 1], Values(second));
        Assert.Equal([3f, 4], Values(same));
        Assert.True(Row(first, 2) == Row(same, 0));
        Assert.True(Row(second, 0) == Row(same, 1));
    }

    [Fact]
    public async Task Lease_OfWorkersAtTheSameTime_ReadsTheSourceOnce()
    {
        int[] all = [.. Enumerable.Range(0, Rows)];

        RowsLease[] leases = await Task.WhenAll(all.Select(row => LeaseAsync([row], soon: all)));

        using RowsLease whole = await LeaseAsync(null);
        Assert.All(all, row => Assert.True(Row(leases[row], 0) == Row(whole, row)));
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task Lease_OfMoreRows_ReadsTheMissingOnesOnly()
    {
        using RowsLease first = await LeaseAsync([8, 2, 6]);

        using RowsLease second = await LeaseAsync([1, 2, 3, 6, 11]);

        Assert.Equal([1f, 2, 3, 6, 11], Values(second));
        Assert.True(Row(first, 1) == Row(second, 1));
        Assert.True(Row(first, 2) == Row(second, 3));
    }

    [Fact]
    public async Task Lease_AfterTheLastHasEnded_ReadsAgain()
    {
        RowsLease first = await LeaseAsync([2, 3]);
        RowsLease second = await LeaseAsync([3]);
        first.Dispose();
        first.Dispose();
        File.Delete(_file);

        using RowsLease kept = await LeaseAsync([2]);
        Assert.Equal([2f], Values(kept));
        kept.Dispose();
        second.Dispose();

        await Assert.ThrowsAsync<DataException>(() => LeaseAsync([3]));
    }

    [Fact]
    public async Task Lease_ThatFailed_LeavesTheOthersAlone()
    {
        using RowsLease first = await LeaseAsync([2, 3]);
        File.Delete(_file);

        await Assert.ThrowsAsync<DataException>(() => LeaseAsync([3, 4]));

        using RowsLease second = await LeaseAsync([3]);
        Assert.True(Row(first, 1) == Row(second, 0));
    }

    [Fact]
    public async Task Lease_OfNoRows_IsEmpty()
    {
        using RowsLease none = await LeaseAsync([]);
        using RowsLease some = await LeaseAsync([7]);
        using RowsLease again = await LeaseAsync([]);

        Assert.Equal((0, 1), (none.Rows[DataPart.Train].Count, again.Rows[DataPart.Train].FeatureCount));
        Assert.Equal([7f], Values(some));
    }

    private Task<RowsLease> LeaseAsync(int[]? rows, int[]? soon = null) => _cache.LeaseAsync(
        _plan,
        _plan.ToJson(),
        new Dictionary<DataPart, int[]?> { [DataPart.Train] = rows },
        new Dictionary<DataPart, int[]> { [DataPart.Train] = soon ?? [] });

    // Of float rows the memory itself: equal spans are the same memory.
    private static ReadOnlySpan<float> Row(RowsLease lease, int row) => lease.Rows[DataPart.Train].FeaturesOf(row, []);

    private static float[] Values(RowsLease lease) =>
        [.. Enumerable.Range(0, lease.Rows[DataPart.Train].Count).Select(row => Row(lease, row)[0])];
}
