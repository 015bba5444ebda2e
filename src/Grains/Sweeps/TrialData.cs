using Trainer.Data;
using Trainer.Jobs;

namespace Trainer.Datasets;

/// <summary>What trials with the same data, split, preprocessing and batches share: the plan and its rows.</summary>
/// <remarks>Safe for threads: nothing changes after construction.</remarks>
internal sealed class TrialData : IDisposable
{
    // Each order of the training rows is a list of them; the memory of older ones lives on in the trials that use them.
    private const int MostOrders = 4;

    private readonly RowsLease _lease;
    private readonly Lock _gate = new();
    private readonly List<(string Order, IReadOnlyDictionary<int, RowSet> Rows)> _training = [];
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
        string order = $"{shards.BatchSize}/{shards.Count}/{plan.Job.Training.Shuffle}";
        lock (_gate)
        {
            int known = _training.FindIndex(each => each.Order == order);
            if (known >= 0)
            {
                return _training[known].Rows;
            }

            if (_training.Count == MostOrders)
            {
                _training.RemoveAt(0);
            }

            Dictionary<int, RowSet> rows = Enumerable.Range(0, shards.Count)
                .ToDictionary(shard => shard, shard => _lease.Rows[DataPart.Train].Select(shards.RowsOf(shard)));
            _training.Add((order, rows));
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
