using System.Collections.Immutable;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Training;

namespace Trainer.Datasets;

/// <summary>What a loaded worker works with: its rows, its network, its way to the servers.</summary>
internal sealed class HeldShards : IDisposable
{
    private readonly RowsLease _lease;
    private readonly IComputeTeam _team;

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
        (_lease, _team) = (lease, team);
        Layout = new ParameterLayout(plan.Architecture);
        RowSet rows = lease.Rows[DataPart.Train];
        TrainingRows = rows.Count;
        IEnumerable<int> counts = Enumerable.Range(First, Count).Select(shard => plan.Shards.RowsOf(shard).Length);
        Worker = new ShardWorker(
            plan.Architecture, plan.Shards, ShardRows.Split(rows, First, counts), team, plan.Objective);
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
    public ShardWorker Worker { get; }

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
                EvaluationSums sum = Evaluator.Evaluate(Plan.Architecture, Worker.Weights.Span, held, _team);
                sums.Add(EvaluationWire.ToWire(shard, sum));
            }
        }

        return sums.ToImmutable();
    }

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();
}
