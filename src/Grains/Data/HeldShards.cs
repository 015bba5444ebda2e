using System.Collections.Immutable;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;

namespace Trainer.Datasets;

/// <summary>What a loaded worker works with: its rows, its network, its way to the servers.</summary>
internal sealed class HeldShards : IDisposable
{
    private readonly RowsLease _lease;
    private readonly IComputeBackend _backend;

    /// <summary>A worker over leased rows.</summary>
    public HeldShards(
        DataPlan data,
        JobPlan plan,
        ShardAssignment assignment,
        RowsLease lease,
        IComputeTeam team,
        GradientExchange exchange)
    {
        (Data, Plan, Exchange) = (data, plan, exchange);
        (PlanJson, First, Count) = (assignment.DataPlan, assignment.FirstShard, assignment.ShardCount);
        (_lease, _backend) = (lease, plan.Backend(team));
        Layout = new ParameterLayout(plan.Architecture);
        RowSet rows = lease.Rows[DataPart.Train];
        TrainingRows = rows.Count;
        IEnumerable<int> counts = Enumerable.Range(First, Count).Select(shard => plan.Shards.RowsOf(shard).Length);
        Worker = _backend.OpenShards(plan.Setup, ShardRows.Split(rows, First, counts));
        if (Count == plan.Shards.Count && exchange.OnlyPartition is { } partition)
        {
            Local = new LocalPartition(partition, _backend.OpenLocal(Worker, partition.Server));
        }
    }

    /// <summary>The data plan.</summary>
    public DataPlan Data { get; }

    /// <summary>The data plan as JSON.</summary>
    public string PlanJson { get; }

    /// <summary>The job's plan.</summary>
    public JobPlan Plan { get; }

    /// <summary>Layout of the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>First logical shard.</summary>
    public int First { get; }

    /// <summary>Logical shards.</summary>
    public int Count { get; }

    /// <summary>Training rows held.</summary>
    public int TrainingRows { get; }

    /// <summary>The arithmetic.</summary>
    public IShardSession Worker { get; }

    /// <summary>
    /// The way without an exchange: this worker holds all shards, and all parameters lie beside it. Else null.
    /// </summary>
    public LocalPartition? Local { get; }

    /// <summary>The way to the servers.</summary>
    public GradientExchange Exchange { get; }

    /// <summary>The rows held for validation; disposing this lease changes nothing.</summary>
    public RowsLease Validation() => new(_lease.Rows, static () => { });

    /// <summary>Evaluates the held evaluation shards of a part; shards without rows are left out.</summary>
    /// <param name="part">The part.</param>
    /// <param name="rows">Rows by part, those of the held shards in file order.</param>
    public ImmutableArray<ShardSums> Evaluate(DataPart part, IReadOnlyDictionary<DataPart, RowSet> rows)
    {
        IEnumerable<int> counts = ShardRows.EvaluationCounts(Data.Rows(part), First, Count, Plan.Shards.Count);
        ImmutableArray<ShardSums>.Builder sums = ImmutableArray.CreateBuilder<ShardSums>();
        foreach ((int shard, RowSet held) in ShardRows.Split(rows[part], First, counts))
        {
            if (held.Count > 0)
            {
                EvaluationSums sum = _backend.Evaluate(Plan.Architecture, Worker.Weights.Span, held);
                sums.Add(EvaluationWire.ToWire(shard, sum));
            }
        }

        return sums.ToImmutable();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Worker.Dispose();
        _lease.Dispose();
    }
}
