using Trainer.Data;
using Trainer.Jobs;

namespace Trainer.Datasets;

/// <summary>What trials with the same data, split, preprocessing and batches share: the plan and its rows.</summary>
/// <remarks>Safe for threads: nothing changes after construction.</remarks>
internal sealed class TrialData : IDisposable
{
    private readonly RowsLease _lease;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyDictionary<int, RowSet>> _training = [];
    private readonly Dictionary<(DataPart Part, int Shards), IReadOnlyDictionary<int, RowSet>> _evaluated = [];

    /// <summary>Shared data.</summary>
    /// <param name="plan">The data plan.</param>
    /// <param name="lease">All rows of the training part, and of the part that is evaluated.</param>
    public TrialData(DataPlan plan, RowsLease lease)
    {
        (Plan, _lease) = (plan, lease);
    }

    /// <summary>The data plan.</summary>
    public DataPlan Plan { get; }

    /// <summary>The training rows of each logical shard.</summary>
    /// <param name="plan">A job over this data.</param>
    public IReadOnlyDictionary<int, RowSet> Training(JobPlan plan)
    {
        LogicalShards shards = plan.Shards;
        string key = $"{shards.BatchSize}/{shards.Count}";
        lock (_gate)
        {
            if (!_training.TryGetValue(key, out IReadOnlyDictionary<int, RowSet>? rows))
            {
                rows = Enumerable.Range(0, shards.Count)
                    .ToDictionary(shard => shard, shard => _lease.Rows[DataPart.Train].Select(shards.RowsOf(shard)));
                _training.Add(key, rows);
            }

            return rows;
        }
    }

    /// <summary>The rows of each evaluation shard of a part; shards without rows are left out.</summary>
    /// <param name="part">A part that was leased.</param>
    /// <param name="shards">Logical shards of the job.</param>
    public IReadOnlyDictionary<int, RowSet> Evaluated(DataPart part, int shards)
    {
        lock (_gate)
        {
            if (!_evaluated.TryGetValue((part, shards), out IReadOnlyDictionary<int, RowSet>? rows))
            {
                IEnumerable<int> counts = ShardRows.EvaluationCounts(Plan.Rows(part), 0, shards, shards);
                rows = ShardRows.Split(_lease.Rows[part], 0, counts)
                    .Where(pair => pair.Value.Count > 0)
                    .ToDictionary();
                _evaluated.Add((part, shards), rows);
            }

            return rows;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();
}
