using System.Collections.Immutable;
using System.Diagnostics;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Trainer.Backends;
using Trainer.Compute;
using Trainer.Data;
using Trainer.Datasets;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Placement;

namespace Trainer.Grains;

/// <inheritdoc cref="IDataShardGrain"/>
[SiloNamePlacement, CollectionAgeLimit(AlwaysActive = true)]
internal sealed partial class DataShardGrain(
    ComputePool pool,
    DatasetCache cache,
    LeaderWatch leaders,
    LocalPartitions partitions,
    IJobTelemetry telemetry,
    IOptions<ComputeOptions> options,
    TimeProvider time,
    ILogger<DataShardGrain> logger) : Grain, IDataShardGrain
{
    private ShardAssignment? _assignment;
    private HeldShards? _held;
    private IDisposable? _exported;
    private IGrainTimer? _watch;

    private string Name => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public async Task<ShardLoaded> LoadAsync(ShardAssignment assignment)
    {
        if (_assignment is { } old && assignment.Incarnation < old.Incarnation)
        {
            throw Stale(assignment.Incarnation);
        }

        if (_assignment is { } same && same.Incarnation == assignment.Incarnation)
        {
            // Not record equality: the assignment holds lists, and lists compare by reference.
            if ((same.FirstShard, same.ShardCount) != (assignment.FirstShard, assignment.ShardCount))
            {
                throw new TrainerException(
                    $"Worker '{Name}' holds {same.ShardCount} logical shards from {same.FirstShard}; release it before "
                    + $"it takes {assignment.ShardCount} from {assignment.FirstShard}.");
            }
        }
        else
        {
            await LoadNewAsync(assignment);
        }

        return new ShardLoaded(options.Value.SiloName, Held(assignment.Incarnation).TrainingRows);
    }

    /// <inheritdoc/>
    public async Task<StepSums> RunStepsAsync(StepRange steps)
    {
        HeldShards held = Held(steps.Incarnation);
        using Activity? activity = TraceContext.Start(TrainerActivity.ShardRunSteps, steps.TraceParent);
        activity?.SetTag(TrainerActivity.Worker, Name);
        activity?.SetTag(TrainerActivity.Silo, options.Value.SiloName);
        activity?.SetTag(TrainerActivity.FirstStep, steps.First);
        activity?.SetTag(TrainerActivity.StepCount, steps.Count);

        var run = new StepRun(held, steps, time);
        StepReply[]? replies = null;
        while (!run.HasEnded)
        {
            PushedStep? step = await pool.RunAsync(() => run.RunReady(replies));
            replies = step is null ? null : await held.Exchange.FinishAsync(step);
        }

        return run.Sums;
    }

    /// <inheritdoc/>
    public async Task<ShardEvaluation> EvaluateAsync(EvaluationRequest request)
    {
        HeldShards held = Held(request.Incarnation);
        using Activity? activity = TraceContext.Start(TrainerActivity.ShardEvaluate, request.TraceParent);
        activity?.SetTag(TrainerActivity.Worker, Name);
        activity?.SetTag(TrainerActivity.Silo, options.Value.SiloName);
        if (request.Pull)
        {
            held.Exchange.Store(await held.Exchange.PullAsync(), held.Worker);
        }

        using RowsLease lease = await LeaseAsync(held, request.Part);
        DataPart part = request.Part;
        ImmutableArray<ShardSums> sums = await pool.RunAsync(() => held.Evaluate(part, lease.Rows));
        return new ShardEvaluation(sums);
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync()
    {
        _held?.Dispose();
        _held = null;
        await EndExportAsync();
        DeactivateOnIdle();
    }

    private async Task EndExportAsync()
    {
        IDisposable? exported = _exported;
        _exported = null;
        await Task.Run(() =>
        {
            telemetry.Flush();
            exported?.Dispose();
        });
    }

    private async Task ReleaseWithLeaderAsync()
    {
        if (_held is not null && leaders.HasEnded(_assignment?.Leader))
        {
            LogLeaderEnded(Name);
            await ReleaseAsync();
        }
    }

    // The fields are set last: a load that failed half-way must fail again when it is repeated.
    private async Task LoadNewAsync(ShardAssignment assignment)
    {
        _exported ??= telemetry.Start(assignment.Job.Telemetry);
        using Activity? activity = TraceContext.Start(TrainerActivity.ShardLoad, assignment.TraceParent);
        activity?.SetTag(TrainerActivity.Worker, Name);
        activity?.SetTag(TrainerActivity.Silo, options.Value.SiloName);
        HeldShards held = await HoldAsync(assignment);
        try
        {
            held.Exchange.Store(await held.Exchange.PullAsync(), held.Worker);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        _held?.Dispose();
        (_held, _assignment) = (held, assignment);
        _watch ??= this.RegisterGrainTimer(ReleaseWithLeaderAsync, LeaderWatch.Period, LeaderWatch.Period);
        activity?.SetTag(TrainerActivity.Rows, held.TrainingRows);
        LogLoaded(Name, held.TrainingRows, assignment.ShardCount, assignment.FirstShard);
    }

    private async Task<HeldShards> HoldAsync(ShardAssignment assignment)
    {
        DataPlan data = DataPlan.FromJson(assignment.DataPlan);
        JobPlan plan = JobPlan.Create(assignment.Job, data);
        int first = assignment.FirstShard;
        int count = assignment.ShardCount;
        try
        {
            // The validation rows stay, as every epoch evaluates them; train and test rows come once, at the end.
            RowsLease lease = await cache.LeaseAsync(
                data,
                assignment.DataPlan,
                Rows(Enumerable.Range(first, count)).ToDictionary(pair => pair.Key, pair => (int[]?)pair.Value),
                Rows(assignment.SiloShards));
            return new HeldShards(
                data, plan, assignment, lease, Team(plan, count), Exchange(plan, assignment));
        }
        catch (DataException error)
        {
            throw new TrainerException(error.Message);
        }

        Dictionary<DataPart, int[]> Rows(IEnumerable<int> shards) => new()
        {
            [DataPart.Train] = ShardRows.Training(plan.Shards, shards),
            [DataPart.Validation] =
                ShardRows.Evaluation(data.Rows(DataPart.Validation), shards, plan.Shards.Count),
        };
    }

    private IComputeTeam Team(JobPlan plan, int shards)
    {
        double share = (double)plan.Shards.BatchSize * shards / plan.Shards.Count;
        return pool.TeamFor(plan.Architecture, share, options.Value.TeamThreshold);
    }

    private GradientExchange Exchange(JobPlan plan, ShardAssignment assignment) => new(
        Name[..Name.LastIndexOf('/')],
        GrainFactory,
        partitions,
        new Models.ParameterLayout(plan.Architecture),
        assignment,
        new StepDeadline(options.Value.StepTimeout, time));

    private async Task<RowsLease> LeaseAsync(HeldShards held, DataPart part)
    {
        if (part == DataPart.Validation)
        {
            return held.Validation();
        }

        try
        {
            return await cache.LeaseAsync(
                held.Data,
                held.PlanJson,
                new Dictionary<DataPart, int[]?> { [part] = Rows(Enumerable.Range(held.First, held.Count)) },
                new Dictionary<DataPart, int[]> { [part] = Rows(_assignment!.SiloShards) });
        }
        catch (DataException error)
        {
            throw new TrainerException(error.Message);
        }

        int[] Rows(IEnumerable<int> shards) =>
            ShardRows.Evaluation(held.Data.Rows(part), shards, held.Plan.Shards.Count);
    }

    private HeldShards Held(int incarnation)
    {
        if (_assignment is { } assignment && assignment.Incarnation != incarnation)
        {
            throw Stale(incarnation);
        }

        return _held ?? throw new GrainLostException(
            $"Worker '{Name}' holds no rows: it was not loaded, or its silo ended.");
    }

    private StaleIncarnationException Stale(int incarnation) => new(
        $"Worker '{Name}' belongs to incarnation {_assignment!.Incarnation} of its job; a message of incarnation "
        + $"{incarnation} came.");

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Worker {Worker} holds {RowCount} rows of {ShardCount} logical shards from {FirstShard}.")]
    private partial void LogLoaded(string worker, int rowCount, int shardCount, int firstShard);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Worker {Worker} gives its rows back: the silo that led its job has ended.")]
    private partial void LogLeaderEnded(string worker);
}
