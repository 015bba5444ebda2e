using System.Collections.Immutable;

using Microsoft.Extensions.Logging;

using Orleans.Concurrency;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Datasets;
using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Placement;
using Trainer.Sweeps;
using Trainer.Wire;

namespace Trainer.Grains;

/// <inheritdoc cref="ITrialHostGrain"/>
[Reentrant, SiloNamePlacement, CollectionAgeLimit(AlwaysActive = true)]
internal sealed partial class TrialHostGrain(
    ComputePool pool, DatasetCache rows, LeaderWatch leaders, TimeProvider time, ILogger<TrialHostGrain> logger)
    : Grain, ITrialHostGrain
{
    private readonly Dictionary<int, HeldTrial> _held = [];
    private CancellationTokenSource _stop = new();
    private TrialDataCache? _data;
    private IGrainTimer? _watch;
    private SweepFile? _file;
    private SweepSubmission? _submission;

    private string Name => this.GetPrimaryKeyString();

    private SweepFile File => _file ?? throw new TrainerException(
        $"Trial host '{Name}' was not initialised, or its silo ended. Resume the sweep.");

    /// <inheritdoc/>
    public Task<int> InitializeAsync(SweepSubmission submission)
    {
        // What another leader of the sweep has left running here would only disturb.
        _stop.Cancel();
        _stop = new CancellationTokenSource();
        DropAll();
        _data?.Dispose();
        (_file, _submission) = (SweepFile.Parse(submission.Text), submission);
        (DataPart part, _) = SweepMetric.Parse(_file.Sweep.Metric);
        _data = new TrialDataCache(_file, DataPlan.FromJson(submission.DataPlan), part, rows, pool);
        _watch ??= this.RegisterGrainTimer(ReleaseWithLeaderAsync, LeaderWatch.Period, LeaderWatch.Period);
        return Task.FromResult(pool.Threads);
    }

    /// <inheritdoc/>
    public async Task<TrialOutcome> RunAsync(TrialOrder order)
    {
        long start = time.GetTimestamp();
        List<double> curve = [];
        CancellationToken stop = _stop.Token;

        // Not the trial's failure when this host knows nothing of the sweep.
        SweepFile file = File;
        try
        {
            if (SweepFile.RunsAsJobs(file.JobOf(order.Overrides)))
            {
                return await RunAsJobsAsync(order, start, stop);
            }

            HeldTrial trial = await FindAsync(order, stop);
            await trial.RunAsync(order.UntilEpoch, curve, stop);
            if (trial.HasEnded)
            {
                Drop(order.Number);
            }

            return Outcome(trial.HasEnded ? TrialState.Completed : null, curve, trial.Values, start, null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Drop(order.Number);
            bool diverged = error is DivergedException;
            if (error is not (TrainerException or DataException))
            {
                LogFailed(order.Number, error);
            }

            string line = error is TrainerException or DataException
                ? error.Message
                : $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
            return Outcome(diverged ? TrialState.Diverged : TrialState.Failed, curve, [], start, line);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Tensor>> CaptureAsync(int number) => _held.TryGetValue(number, out HeldTrial? trial)
        ? Task.FromResult<ImmutableArray<Tensor>>([.. trial.Weights().Select(weights => new Tensor(weights))])
        : throw new TrainerException($"Trial {number} is not held by '{Name}'.");

    /// <inheritdoc/>
    public Task DropAsync(int number)
    {
        Drop(number);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync()
    {
        await _stop.CancelAsync();
        DropAll();
        _data?.Dispose();
        _watch?.Dispose();
        DeactivateOnIdle();
    }

    private async Task<TrialOutcome> RunAsJobsAsync(TrialOrder order, long start, CancellationToken stop)
    {
        (DataPart part, string metric) = SweepMetric.Parse(File.Sweep.Metric);
        var trial = new JobTrial(GrainFactory, _submission!, part, metric);
        List<IReadOnlyList<double>> curves = [];
        List<double> values = [];
        for (int repeat = 0; repeat < File.Sweep.Repeats; repeat++)
        {
            stop.ThrowIfCancellationRequested();
            (JobPlan plan, TrialData data) = await _data!.FindAsync(File.WithSeed(order.Overrides, repeat));
            (IReadOnlyList<double> curve, double value) =
                await trial.RunAsync(order.Number, repeat, plan, data, stop);
            curves.Add(curve);
            values.Add(value);
        }

        int epochs = curves.Max(curve => curve.Count);
        List<double> mean =
        [
            .. Enumerable.Range(0, epochs).Select(epoch => curves.Average(c => c[Math.Min(epoch, c.Count - 1)])),
        ];
        return Outcome(TrialState.Completed, mean, values, start, null);
    }

    private void Drop(int number)
    {
        if (_held.Remove(number, out HeldTrial? trial))
        {
            trial.Dispose();
        }
    }

    private void DropAll()
    {
        foreach (int number in _held.Keys)
        {
            Drop(number);
        }
    }

    // Nobody would ever release a host whose leader was killed.
    private async Task ReleaseWithLeaderAsync()
    {
        if (leaders.HasEnded(_submission?.Leader))
        {
            await ReleaseAsync();
        }
    }

    // A trial that is not held any more, as after its silo died, is run again to where it stood.
    private async Task<HeldTrial> FindAsync(TrialOrder order, CancellationToken stop)
    {
        if (order.Weights.IsDefaultOrEmpty
            && _held.TryGetValue(order.Number, out HeldTrial? held)
            && held.Epoch == order.Epoch)
        {
            return held;
        }

        (DataPart part, string metric) = SweepMetric.Parse(File.Sweep.Metric);
        List<RepeatRun> repeats = [];
        for (int repeat = 0; repeat < File.Sweep.Repeats; repeat++)
        {
            stop.ThrowIfCancellationRequested();
            (JobPlan plan, TrialData data) = await _data!.FindAsync(File.WithSeed(order.Overrides, repeat));
            repeats.Add(await pool.RunAsync(() => new RepeatRun(plan, data, part, metric)));
        }

        var trial = new HeldTrial(repeats, pool, time);
        if (!order.Weights.IsDefaultOrEmpty)
        {
            trial.Restart(order.Epoch, order.Weights);
        }
        else if (order.Epoch > 0)
        {
            await trial.RunAsync(order.Epoch, [], stop);
        }

        // A trial of an earlier leader must not stand where one of this leader's is looked for.
        stop.ThrowIfCancellationRequested();
        Drop(order.Number);
        return _held[order.Number] = trial;
    }

    private TrialOutcome Outcome(
        TrialState? end, List<double> curve, IEnumerable<double> values, long start, string? error) =>
        new(end, [.. curve], [.. values], time.GetElapsedTime(start).TotalSeconds, error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Trial {Number} failed.")]
    private partial void LogFailed(int number, Exception error);
}
