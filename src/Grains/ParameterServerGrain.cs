using System.Diagnostics;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Orleans.Concurrency;

using Trainer.Backends;
using Trainer.Checkpoints;
using Trainer.Compute;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Jobs;
using Trainer.Models;
using Trainer.Placement;
using Trainer.Training;
using Trainer.Wire;

using DataException = Trainer.Data.DataException;
using DataPlan = Trainer.Data.DataPlan;

namespace Trainer.Grains;

/// <inheritdoc cref="IParameterServerGrain"/>
[Reentrant, SiloNamePlacement, CollectionAgeLimit(AlwaysActive = true)]
internal sealed partial class ParameterServerGrain(
    ComputePool pool,
    LeaderWatch leaders,
    LocalPartitions partitions,
    IJobTelemetry telemetry,
    IOptions<ComputeOptions> options,
    TimeProvider time,
    ILogger<ParameterServerGrain> logger) : Grain, IParameterServerGrain
{
    // Up to this many floats a step costs less than 0.1 ms: cheaper in the turn than handed to another thread.
    private const int InlineLength = 64 * 1024;

    // This grain is reentrant: a repeated call must not answer before the first has made the partition.
    private readonly SemaphoreSlim _initializing = new(1);
    private StepAggregator? _steps;
    private IParameterServerGrain[] _others = [];
    private int _incarnation;
    private string? _leader;
    private IDisposable? _exported;
    private IGrainTimer? _watch;
    private float[]? _best;
    private PartitionState? _captured;
    private float[]? _capturedBest;

    private string Name => this.GetPrimaryKeyString();

    private StepAggregator Steps => _steps ?? throw new GrainLostException(
        $"Partition '{Name}' holds no weights: it was not initialised, or its silo ended.");

    /// <inheritdoc/>
    public async Task<string> InitializeAsync(PartitionAssignment assignment)
    {
        await _initializing.WaitAsync();
        try
        {
            if (assignment.Incarnation < _incarnation)
            {
                throw new StaleIncarnationException(
                    $"Partition '{Name}' belongs to incarnation {_incarnation}; incarnation {assignment.Incarnation} "
                    + "is older.");
            }

            if (assignment.Incarnation > _incarnation)
            {
                await InitializeNewAsync(assignment);
            }

            return options.Value.SiloName;
        }
        finally
        {
            _initializing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<StepReply> PushAndPullAsync(GradientPush push)
    {
        StepAggregator steps = Steps;
        Task<StepReply> reply = steps.Server.Weights.Length <= InlineLength
            ? steps.PushAsync(push)
            : await pool.RunAsync(() => steps.PushAsync(push));
        if (steps.TakeNorm() is { } norm)
        {
            await Task.WhenAll(_others.Select(other => other.ShareNormAsync(norm)));
        }

        return await new StepDeadline(options.Value.StepTimeout, time).WaitAsync(reply, steps, push);
    }

    /// <inheritdoc/>
    public async Task ShareNormAsync(NormShare norm)
    {
        StepAggregator steps = Steps;
        if (steps.Server.Weights.Length <= InlineLength)
        {
            steps.AcceptNorm(norm);
        }
        else
        {
            await pool.RunAsync(() =>
            {
                steps.AcceptNorm(norm);
                return true;
            });
        }
    }

    /// <inheritdoc/>
    public Task<PartitionWeights> PullAsync()
    {
        (long version, float[] weights) = Steps.Capture();
        return Task.FromResult(new PartitionWeights(version, new Tensor(weights)));
    }

    /// <inheritdoc/>
    public async Task<PartitionCapture> CaptureAsync()
    {
        StepAggregator steps = Steps;
        PartitionState captured = await pool.RunAsync(steps.CaptureState);

        // Marked best weights are replaced, never written to.
        (_captured, _capturedBest) = (captured, _best);
        return new PartitionCapture(
            captured.Version,
            captured.Weights.Length,
            captured.Optimizer.Vectors.Length,
            captured.Optimizer.Counters,
            _best is not null);
    }

    /// <inheritdoc/>
    public Task<Tensor> ReadCaptureAsync(CapturePiece piece)
    {
        if (_captured is not { } captured || captured.Version != piece.Version)
        {
            throw new TrainerException($"Partition '{Name}' holds no capture of version {piece.Version}.");
        }

        ReadOnlyMemory<float>[] vectors = [captured.Weights, .. captured.Optimizer.Vectors, _capturedBest];
        return Task.FromResult(new Tensor(vectors[piece.Vector].Slice(piece.First, piece.Count)));
    }

    /// <inheritdoc/>
    public Task MarkBestAsync()
    {
        (_, _best) = Steps.Capture();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RestoreBestAsync()
    {
        if (_best is { } best)
        {
            Steps.Restore(best);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AbandonAsync(string reason)
    {
        _steps?.Abandon(reason);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync()
    {
        Forget();
        await EndExportAsync();
        DeactivateOnIdle();
    }

    // The fields are set last: an initialisation that failed half-way must fail again when it is repeated.
    private async Task InitializeNewAsync(PartitionAssignment assignment)
    {
        _exported ??= telemetry.Start(assignment.Job.Telemetry);
        using Activity? activity = TraceContext.Start(TrainerActivity.ServerInitialize, assignment.TraceParent);
        activity?.SetTag(TrainerActivity.Partition, assignment.Partition);
        activity?.SetTag(TrainerActivity.Silo, options.Value.SiloName);
        string name = Name;
        string job = name[..name.LastIndexOf('/')];
        long threshold = options.Value.TeamThreshold;
        (StepAggregator steps, float[]? best, int[] used) =
            await pool.RunAsync(() => Create(assignment, name, pool, threshold));
        Forget();
        _best = best;
        _others =
        [
            .. used.Where(i => i != assignment.Partition)
                .Select(i => GrainFactory.GetGrain<IParameterServerGrain>($"{job}/{i}")),
        ];
        (_steps, _incarnation, _leader) = (steps, assignment.Incarnation, assignment.Leader);
        partitions.Add(name, steps);
        _watch ??= this.RegisterGrainTimer(ReleaseWithLeaderAsync, LeaderWatch.Period, LeaderWatch.Period);
        LogInitialized(name, steps.Server.Weights.Length);
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
        if (_steps is { } steps && leaders.HasEnded(_leader))
        {
            LogLeaderEnded(Name);
            steps.Abandon($"Partition '{Name}' ended: the silo that led its job has ended.");
            await ReleaseAsync();
        }
    }

    private void Forget()
    {
        if (_steps is { } steps)
        {
            partitions.Remove(Name, steps);
            steps.Dispose();
        }

        _steps = null;
        _best = null;
        (_captured, _capturedBest) = (null, null);
    }

    private static (StepAggregator Steps, float[]? Best, int[] Used) Create(
        PartitionAssignment assignment, string name, ComputePool pool, long threshold)
    {
        JobPlan plan = JobPlan.Create(assignment.Job, DataPlan.FromJson(assignment.DataPlan));
        var layout = new ParameterLayout(plan.Architecture);
        ParameterRange range = layout.Partition(assignment.Partition, assignment.Partitions);
        IComputeTeam team = pool.TeamFor(plan.Architecture, plan.Shards.BatchSize, threshold);
        IPartitionSession server = plan.Backend(team).OpenPartition(plan.Setup, range);
        float[]? best = null;
        if (assignment.Checkpoint is { } file)
        {
            Checkpoint checkpoint = ReadCheckpoint(file, layout);
            server.Restore(checkpoint.State.Slice(range));
            best = checkpoint.Best.IsEmpty ? null : checkpoint.Best.Slice(range.Offset, range.Length).ToArray();
        }
        else if (plan.Job.Model.InitialWeights is not null)
        {
            float[] weights = layout.FromRowMajor(ReadWeights(assignment, plan));
            server.SetWeights(weights.AsSpan(range.Offset, range.Length));
        }

        int[] used = layout.UsedPartitions(assignment.Partitions);
        var norms = new NormExchange(assignment.Partition, used);
        return (new StepAggregator(server, plan.Shards, assignment.Incarnation, name, norms), best, used);
    }

    private static Checkpoint ReadCheckpoint(RegisteredFile file, ParameterLayout layout)
    {
        try
        {
            Checkpoint checkpoint = CheckpointReader.Read(file.ToSource(), DiskFiles.Instance);
            return checkpoint.State.Weights.Length == layout.Length
                ? checkpoint
                : throw new TrainerException(
                    $"Checkpoint '{file.Path}' has {checkpoint.State.Weights.Length} parameters with padding; the "
                    + $"network has {layout.Length}.");
        }
        catch (DataException error)
        {
            throw new TrainerException(error.Message);
        }
    }

    private static float[] ReadWeights(PartitionAssignment assignment, JobPlan plan)
    {
        RegisteredFile file = assignment.InitialWeights ?? throw new TrainerException(
            "The job has 'model.initial_weights', but no file was registered for it; start the job again.");
        try
        {
            return InitialWeights.Load(file.ToSource(), plan.Architecture);
        }
        catch (DataException error)
        {
            throw new TrainerException($"'model.initial_weights': {error.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} holds {Length} parameters.")]
    private partial void LogInitialized(string partition, int length);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Partition {Partition} gives its weights back: the silo that led its job has ended.")]
    private partial void LogLeaderEnded(string partition);
}
