using System.Collections.Immutable;
using System.Globalization;

using Trainer.Checkpoints;
using Trainer.Data;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Placement;
using Trainer.Recovery;
using Trainer.Wire;

namespace Trainer.Runs;

/// <summary>One worker of a crew.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Silo">Name of its silo.</param>
/// <param name="FirstShard">First logical shard.</param>
/// <param name="ShardCount">Logical shards.</param>
internal sealed record CrewWorker(IDataShardGrain Grain, string Silo, int FirstShard, int ShardCount)
{
    /// <summary>Training rows it holds.</summary>
    public int Rows { get; set; }

    /// <summary>Time it has spent on gradients.</summary>
    public double ComputeSeconds { get; set; }
}

/// <summary>
/// The grains of one job, placed over silos: workers that hold logical shards, one parameter server a silo.
/// </summary>
internal sealed class JobCrew
{
    private const ConfigureAwaitOptions WhateverHappens =
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    private readonly JobPlan _plan;
    private readonly ImmutableArray<IParameterServerGrain> _servers;
    private readonly CrewWatch _watch;
    private readonly ImmutableArray<string> _silos;
    private readonly string _job;
    private readonly RegisteredFile? _initialWeights;

    /// <summary>A crew; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <param name="grains">Makes grain references.</param>
    /// <param name="job">Id of the job.</param>
    /// <param name="incarnation">Incarnation of the job: each has grains of its own.</param>
    /// <param name="plan">The job's plan.</param>
    /// <param name="watch">The silos to use.</param>
    /// <param name="initialWeights">The file that weights start from; null: they are drawn.</param>
    public JobCrew(
        IGrainFactory grains,
        string job,
        int incarnation,
        JobPlan plan,
        CrewWatch watch,
        RegisteredFile? initialWeights)
    {
        ImmutableArray<string> silos = watch.Names;
        job = string.Create(CultureInfo.InvariantCulture, $"{job}/{incarnation}");
        (_plan, _job, Incarnation, _watch) = (plan, job, incarnation, watch);
        (_silos, _initialWeights) = (silos, initialWeights);
        int workers = plan.Workers(silos.Length);
        int shards = plan.Shards.Count;
        Workers =
        [
            .. Enumerable.Range(0, workers).Select(worker =>
            {
                int first = (int)((long)worker * shards / workers);
                int end = (int)((worker + 1L) * shards / workers);
                return new CrewWorker(
                    grains.GetGrain<IDataShardGrain>($"{job}/{worker}"),
                    silos[worker % silos.Length],
                    first,
                    end - first);
            }),
        ];
        _servers =
        [
            .. Enumerable.Range(0, silos.Length)
                .Select(i => grains.GetGrain<IParameterServerGrain>($"{job}/{i}")),
        ];
    }

    /// <summary>The workers.</summary>
    public ImmutableArray<CrewWorker> Workers { get; }

    /// <summary>Address of the silo that leads the job; null: the grains do not watch it.</summary>
    public string? Leader { get; init; }

    /// <summary>Incarnation of the job, from 1.</summary>
    public int Incarnation { get; }

    /// <summary>Whether the job should go on with another crew at its next step.</summary>
    public bool ShouldMove => _watch.ShouldMove();

    /// <summary>The move could not be made: it is tried again after a while.</summary>
    public void PostponeMove() => _watch.Postpone();

    /// <summary>Where each grain lives, for the state file.</summary>
    public IEnumerable<(string Grain, string Silo)> Locations =>
        Workers.Select((worker, i) => ($"data-shard {_job}/{i}", worker.Silo))
            .Concat(_silos.Select((silo, i) => ($"parameter-server {_job}/{i}", silo)));

    /// <summary>Places servers, then workers, and loads both.</summary>
    /// <param name="dataPlan">The data plan as JSON.</param>
    /// <param name="traceParent">Span to hang theirs below.</param>
    /// <param name="checkpoint">The checkpoint to go on from; null: the first step comes first.</param>
    /// <exception cref="CrewLostException">A silo was lost; so throw all but <see cref="ReleaseAsync"/>.</exception>
    public Task StartAsync(string dataPlan, string? traceParent, RegisteredFile? checkpoint) =>
        _watch.OrLostAsync(PlaceAsync(dataPlan, traceParent, checkpoint));

    private async Task PlaceAsync(string dataPlan, string? traceParent, RegisteredFile? checkpoint)
    {
        await Task.WhenAll(_servers.Select((server, i) => SiloNamePlacement.OnAsync(
            _silos[i],
            () => server.InitializeAsync(
                new PartitionAssignment(
                    Incarnation, _plan.Job, dataPlan, i, _servers.Length, traceParent, _initialWeights)
                {
                    Leader = Leader,
                    Checkpoint = checkpoint,
                }))));
        await Task.WhenAll(Workers.Select(async worker =>
        {
            var assignment = new ShardAssignment(
                Incarnation, _plan.Job, dataPlan, worker.FirstShard, worker.ShardCount, _servers.Length, traceParent)
            {
                Leader = Leader,
                SiloShards =
                [
                    .. Workers.Where(other => other.Silo == worker.Silo)
                        .SelectMany(other => Enumerable.Range(other.FirstShard, other.ShardCount)),
                ],
            };
            ShardLoaded loaded = await SiloNamePlacement.OnAsync(worker.Silo, () => worker.Grain.LoadAsync(assignment));
            worker.Rows = loaded.Rows;
        }));
    }

    /// <summary>Runs a range of steps on all workers.</summary>
    /// <param name="first">First step since the start of the job.</param>
    /// <param name="count">Steps.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="firstInEpoch">First step within the epoch.</param>
    /// <param name="lossSum">Loss sum of the epoch's earlier steps.</param>
    /// <param name="weightSum">Sum of their rows' weights.</param>
    /// <param name="traceParent">Span to hang theirs below.</param>
    public async Task<StepSums> RunStepsAsync(
        long first, int count, int epoch, int firstInEpoch, double lossSum, double weightSum, string? traceParent)
    {
        float[] rates = [.. Enumerable.Range(0, count).Select(i => _plan.LearningRate(first + i))];
        bool endsEpoch = firstInEpoch + count == _plan.Shards.StepsPerEpoch || first + count == _plan.TotalSteps;
        var range = new StepRange(
            Incarnation,
            first,
            count,
            epoch,
            firstInEpoch,
            new Tensor(rates),
            lossSum,
            traceParent,
            weightSum,
            endsEpoch);
        Task<StepSums>[] running = [.. Workers.Select(worker => worker.Grain.RunStepsAsync(range))];
        await _watch.OrLostAsync(AllOrAbandonAsync(running));
        StepSums[] sums = await Task.WhenAll(running);
        for (int i = 0; i < sums.Length; i++)
        {
            Workers[i].ComputeSeconds += sums[i].ComputeSeconds;
        }

        // Every worker saw every step's whole loss, so all of them say the same.
        return sums[0];
    }

    /// <summary>Evaluates a part over all its rows, each once.</summary>
    /// <param name="part">The part.</param>
    /// <param name="pull">Pull the weights first.</param>
    /// <param name="traceParent">Span to hang theirs below.</param>
    /// <exception cref="DivergedException">The loss is NaN or infinite.</exception>
    public async Task<ImmutableArray<MetricValue>> EvaluateAsync(DataPart part, bool pull, string? traceParent)
    {
        var request = new EvaluationRequest(Incarnation, part, pull, traceParent);
        ShardEvaluation[] evaluations =
            await _watch.OrLostAsync(Task.WhenAll(Workers.Select(worker => worker.Grain.EvaluateAsync(request))));
        EvaluationSums sums = EvaluationSums.CombineShards(EvaluationWire.FromWire(evaluations), _plan.Shards.Count);
        if (!double.IsFinite(sums.LossSum))
        {
            // Finite weights can still give outputs that are not: the steps never saw these rows with these weights.
            throw DivergedException.Because(
                $"The loss of the {part.ToString().ToLowerInvariant()} rows", _plan.Job.Optimizer.LearningRate);
        }

        IReadOnlyDictionary<string, double> metrics = sums.ToMetrics(_plan.Job.Model.Threshold);
        return [.. metrics.Select(metric => new MetricValue(metric.Key, metric.Value))];
    }

    /// <summary>All parameters, row-major in the order of a model file.</summary>
    public async Task<float[]> PullAsync()
    {
        var layout = new ParameterLayout(_plan.Architecture);
        PartitionWeights[] parts =
            await _watch.OrLostAsync(Task.WhenAll(_servers.Select(server => server.PullAsync())));
        float[] panels = new float[layout.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            ParameterRange range = layout.Partition(i, parts.Length);
            parts[i].Weights.Values.Span.CopyTo(panels.AsSpan(range.Offset, range.Length));
        }

        return layout.ToRowMajor(panels);
    }

    /// <summary>Copies all partitions where they are, between two steps; training can go on at once.</summary>
    public async Task<CrewCapture> CaptureAsync() =>
        new(_servers, await _watch.OrLostAsync(Task.WhenAll(_servers.Select(server => server.CaptureAsync()))));

    /// <summary>Remembers the weights now as the best.</summary>
    public Task MarkBestAsync() =>
        _watch.OrLostAsync(Task.WhenAll(_servers.Select(server => server.MarkBestAsync())));

    /// <summary>Goes back to the best weights.</summary>
    public Task RestoreBestAsync() =>
        _watch.OrLostAsync(Task.WhenAll(_servers.Select(server => server.RestoreBestAsync())));

    /// <summary>Ends the grains, those that still answer.</summary>
    public async Task ReleaseAsync()
    {
        Task[] releases =
        [
            .. Workers.Select(worker => worker.Grain.ReleaseAsync()),
            .. _servers.Select(server => server.ReleaseAsync()),
        ];
        await Task.WhenAll(releases).ConfigureAwait(WhateverHappens);
    }

    // The first failure ends the waits of all others; then it is thrown.
    private async Task AllOrAbandonAsync(Task[] running)
    {
        await foreach (Task finished in Task.WhenEach(running))
        {
            if (finished.Exception?.InnerException is { } error)
            {
                string reason = $"Job '{_job}' stopped: {error.Message}";
                await Task.WhenAll(_servers.Select(server => server.AbandonAsync(reason)))
                    .ConfigureAwait(WhateverHappens);
                await Task.WhenAll(running).ConfigureAwait(WhateverHappens);
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
            }
        }
    }
}
