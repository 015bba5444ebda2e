using System.Security.Cryptography;
using System.Text;

using Trainer.Backends;

using DataPlan = Trainer.Data.DataPlan;
using DataPart = Trainer.Data.DataPart;
using RowSet = Trainer.Data.RowSet;

namespace Trainer.Datasets;

/// <summary>
/// The rows that this silo's grains hold: equal requests share them by reference, and they go when the last lease
/// ends.
/// </summary>
internal sealed class DatasetCache(ComputePool pool)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Leases rows; loads them on a compute thread when no one holds them.</summary>
    /// <param name="plan">The data plan.</param>
    /// <param name="planJson">The same as JSON: part of the key.</param>
    /// <param name="rowsOfPart">For each part the indices to keep.</param>
    public async Task<RowsLease> LeaseAsync(
        DataPlan plan, string planJson, IReadOnlyDictionary<DataPart, int[]?> rowsOfPart)
    {
        string key = Key(planJson, rowsOfPart);
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry!))
            {
                entry = new Entry(pool.RunAsync(() => plan.Load(rowsOfPart, CancellationToken.None)));
                _entries.Add(key, entry);
            }

            entry.Leases++;
        }

        try
        {
            return new RowsLease(await entry.Rows, () => Release(key, entry));
        }
        catch
        {
            Release(key, entry);
            throw;
        }
    }

    private static string Key(string planJson, IReadOnlyDictionary<DataPart, int[]?> rowsOfPart)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(planJson));
        foreach ((DataPart part, int[]? rows) in rowsOfPart.OrderBy(pair => pair.Key))
        {
            hash.AppendData([(byte)part, (byte)(rows is null ? 0 : 1)]);
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(rows ?? []));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private void Release(string key, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Leases == 0)
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry(Task<IReadOnlyDictionary<DataPart, RowSet>> rows)
    {
        public Task<IReadOnlyDictionary<DataPart, RowSet>> Rows { get; } = rows;

        public int Leases { get; set; }
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
