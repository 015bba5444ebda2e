using System.Collections.Immutable;

using Trainer.Backends;

using DataPlan = Trainer.Data.DataPlan;
using DataPart = Trainer.Data.DataPart;
using RowSet = Trainer.Data.RowSet;

namespace Trainer.Datasets;

/// <summary>
/// The rows that this silo's grains hold, each once: workers, jobs and trials with the same data plan share them by
/// reference, and they go when the last lease ends.
/// </summary>
internal sealed class DatasetCache(ComputePool pool)
{
    private static readonly IReadOnlyDictionary<DataPart, int[]> Nothing = ImmutableDictionary<DataPart, int[]>.Empty;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HeldDataset> _datasets = [];

    /// <summary>Leases rows; those that no one holds are loaded on a compute thread, in one pass.</summary>
    /// <param name="plan">The data plan.</param>
    /// <param name="planJson">The same as JSON: the key.</param>
    /// <param name="wanted">For each part the indices to lease, in the order of the result; null: all.</param>
    /// <param name="soon">
    /// Indices that others on this silo are about to ask for: if the source has to be read, they are read, too.
    /// </param>
    public async Task<RowsLease> LeaseAsync(
        DataPlan plan,
        string planJson,
        IReadOnlyDictionary<DataPart, int[]?> wanted,
        IReadOnlyDictionary<DataPart, int[]>? soon = null)
    {
        HeldDataset dataset = Enter(planJson);
        try
        {
            await dataset.Turn.WaitAsync();
            try
            {
                (IReadOnlyDictionary<DataPart, RowSet> rows, ImmutableArray<HeldRows> used) =
                    await pool.RunAsync(() => dataset.Lease(plan, wanted, soon ?? Nothing));
                return new RowsLease(rows, () =>
                {
                    dataset.Release(used);
                    Leave(planJson, dataset);
                });
            }
            finally
            {
                dataset.Turn.Release();
            }
        }
        catch
        {
            Leave(planJson, dataset);
            throw;
        }
    }

    private HeldDataset Enter(string planJson)
    {
        lock (_gate)
        {
            if (!_datasets.TryGetValue(planJson, out HeldDataset? dataset))
            {
                _datasets.Add(planJson, dataset = new HeldDataset());
            }

            dataset.Users++;
            return dataset;
        }
    }

    private void Leave(string planJson, HeldDataset dataset)
    {
        lock (_gate)
        {
            if (--dataset.Users == 0)
            {
                _datasets.Remove(planJson);
            }
        }
    }
}

/// <summary>Rows held until disposed; disposing twice is harmless.</summary>
internal sealed class RowsLease(IReadOnlyDictionary<DataPart, RowSet> rows, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The rows of each part, in the order asked for.</summary>
    public IReadOnlyDictionary<DataPart, RowSet> Rows { get; } = rows;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
