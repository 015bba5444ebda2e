using System.Collections.Immutable;
using System.Diagnostics;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Trainer.Compute;
using Trainer.Data;
using Trainer.Datasets;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Placement;
using Trainer.Training;

namespace Trainer.Grains;

/// <inheritdoc cref="IDataShardGrain"/>
[SiloNamePlacement, CollectionAgeLimit(AlwaysActive = true)]
internal sealed partial class DataShardGrain(
    ComputePool pool,
    DatasetCache cache,
    IJobTelemetry telemetry,
    IOptions<ComputeOptions> options,
    TimeProvider time,
    ILogger<DataShardGrain> logger) : Grain, IDataShardGrain
{
    private ShardAssignment? _assignment;
    private HeldShards? _held;

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

        double lossSum = steps.LossSum;
        double weightSum = steps.WeightSum;
        long rows = 0;
        var computing = TimeSpan.Zero;
        for (int i = 0; i < steps.Count; i++)
        {
            int stepInEpoch = steps.FirstInEpoch + i;
            (ImmutableArray<GradientNode> nodes, TimeSpan elapsed) =
                await pool.RunAsync(() => Compute(held, steps.Epoch, stepInEpoch));
            computing += elapsed;

            StepReply[] replies = await held.Exchange.PushAndPullAsync(
                steps.First + i, stepInEpoch, steps.LearningRates.Values.Span[i], nodes);

            // A tensor's name says more than that the norm of the whole gradient was not finite.
            string? nonFinite = replies.Select(reply => reply.NonFinite)
                .Where(name => name is not null)
                .MinBy(name => name == StepOutcome.Gradient);
            if (nonFinite is not null)
            {
                return new StepSums(i, lossSum, rows, computing.TotalSeconds, nonFinite, weightSum);
            }

            held.Exchange.Store(replies.Select(reply => reply.Weights), held.Worker.Weights);
            lossSum += replies[0].LossSum;
            weightSum += replies[0].WeightSum;
            rows += replies[0].RowCount;
        }

        return new StepSums(steps.Count, lossSum, rows, computing.TotalSeconds, null, weightSum);
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
            held.Exchange.Store(await held.Exchange.PullAsync(), held.Worker.Weights);
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
        await Task.Run(telemetry.Flush);
        DeactivateOnIdle();
    }

    private (ImmutableArray<GradientNode> Nodes, TimeSpan Elapsed) Compute(HeldShards held, int epoch, int stepInEpoch)
    {
        long start = time.GetTimestamp();
        ImmutableArray<GradientNode> nodes = held.Worker.ComputeGradients(epoch, stepInEpoch);
        return (nodes, time.GetElapsedTime(start));
    }

    private async Task LoadNewAsync(ShardAssignment assignment)
    {
        telemetry.Start(assignment.Job.Telemetry);
        using Activity? activity = TraceContext.Start(TrainerActivity.ShardLoad, assignment.TraceParent);
        activity?.SetTag(TrainerActivity.Worker, Name);
        activity?.SetTag(TrainerActivity.Silo, options.Value.SiloName);
        DataPlan data = DataPlan.FromJson(assignment.DataPlan);
        JobPlan plan = JobPlan.Create(assignment.Job, data);
        int first = assignment.FirstShard;
        int count = assignment.ShardCount;
        try
        {
            // The validation rows stay, as every epoch evaluates them; train and test rows come once, at the end.
            RowsLease lease = await cache.LeaseAsync(data, assignment.DataPlan, new Dictionary<DataPart, int[]?>
            {
                [DataPart.Train] = ShardRows.Training(plan.Shards, first, count),
                [DataPart.Validation] =
                    ShardRows.Evaluation(data.Rows(DataPart.Validation), first, count, plan.Shards.Count),
            });
            _held?.Dispose();
            _held = new HeldShards(
                data, plan, assignment, lease, pool.Team(Threads(plan, count)), Exchange(plan, assignment));
        }
        catch (DataException error)
        {
            throw new TrainerException(error.Message);
        }

        _assignment = assignment;
        _held.Exchange.Store(await _held.Exchange.PullAsync(), _held.Worker.Weights);
        activity?.SetTag(TrainerActivity.Rows, _held.TrainingRows);
        LogLoaded(Name, _held.TrainingRows, count, first);
    }

    // Multiply-adds of the three products of this worker's share of a batch, two operations each.
    private int Threads(JobPlan plan, int shards)
    {
        double share = (double)plan.Shards.BatchSize * shards / plan.Shards.Count;
        double operations = 6 * share * new Models.ParameterLayout(plan.Architecture).ParameterCount;
        return operations < options.Value.TeamThreshold ? 1 : pool.Threads;
    }

    private GradientExchange Exchange(JobPlan plan, ShardAssignment assignment)
    {
        string job = Name[..Name.LastIndexOf('/')];
        IParameterServerGrain[] servers =
        [
            .. Enumerable.Range(0, assignment.Partitions)
                .Select(i => GrainFactory.GetGrain<IParameterServerGrain>($"{job}/{i}")),
        ];
        return new GradientExchange(servers, new Models.ParameterLayout(plan.Architecture), assignment.Incarnation);
    }

    private async Task<RowsLease> LeaseAsync(HeldShards held, DataPart part)
    {
        if (part == DataPart.Validation)
        {
            return held.Validation();
        }

        int[] rows = ShardRows.Evaluation(held.Data.Rows(part), held.First, held.Count, held.Plan.Shards.Count);
        try
        {
            return await cache.LeaseAsync(held.Data, held.PlanJson, new Dictionary<DataPart, int[]?> { [part] = rows });
        }
        catch (DataException error)
        {
            throw new TrainerException(error.Message);
        }
    }

    private HeldShards Held(int incarnation)
    {
        if (_assignment is { } assignment && assignment.Incarnation != incarnation)
        {
            throw Stale(incarnation);
        }

        return _held ?? throw new TrainerException(
            $"Worker '{Name}' holds no rows: it was not loaded, or its silo ended. Start the job again.");
    }

    private StaleIncarnationException Stale(int incarnation) => new(
        $"Worker '{Name}' belongs to incarnation {_assignment!.Incarnation} of its job; a message of incarnation "
        + $"{incarnation} came.");

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Worker {Worker} holds {RowCount} rows of {ShardCount} logical shards from {FirstShard}.")]
    private partial void LogLoaded(string worker, int rowCount, int shardCount, int firstShard);
}
