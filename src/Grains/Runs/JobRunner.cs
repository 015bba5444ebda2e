using System.Collections.Immutable;
using System.Diagnostics;

using Trainer.Checkpoints;
using Trainer.Data;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Recovery;

namespace Trainer.Runs;

/// <summary>Runs one training from the first step, or from a checkpoint, to the model file.</summary>
/// <remarks>Lives on its grain's scheduler and only awaits; the arithmetic is the workers'.</remarks>
/// <param name="run">What the trainings of the job share.</param>
/// <param name="plan">The training.</param>
/// <param name="data">Its data.</param>
/// <param name="crew">Its grains.</param>
internal sealed class JobRunner(JobRun run, JobPlan plan, DataPlan data, JobCrew crew)
{
    private readonly ProgressLog _progress = run.Progress;
    private readonly StepPacing _pacing = new();
    private readonly SpeedMeter _speed = new();
    private EarlyStopping? _stopping = plan.Job.EarlyStopping is { } spec ? new EarlyStopping(spec) : null;
    private EpochSums _epoch = new(0);
    private long _bestStep;

    /// <summary>Which training of a cross-validation this is; null without one.</summary>
    public FoldPlace? Fold { get; init; }

    /// <summary>Where this training goes on; null: it has not begun.</summary>
    public TrainingPosition? From { get; init; }

    /// <summary>What comes before the training: the folds.</summary>
    public Func<Task<IReadOnlyList<FoldResult>>>? CrossValidate { get; init; }

    /// <summary>What the summary will say; its folds are those that have ended.</summary>
    public RunSummary Summary { get; } = new() { Parameters = new ParameterLayout(plan.Architecture).ParameterCount };

    /// <summary>Trains, evaluates and writes the model.</summary>
    /// <param name="dataPlan">The data plan as JSON.</param>
    /// <param name="traceParent">Span to hang the epochs below.</param>
    /// <param name="cancellationToken">
    /// Ends training at the next range of steps, once a checkpoint is written there.
    /// </param>
    /// <exception cref="DivergedException">A value was NaN or infinite.</exception>
    public async Task RunAsync(string dataPlan, string? traceParent, CancellationToken cancellationToken)
    {
        try
        {
            if (CrossValidate is { } crossValidate)
            {
                Summary.Folds = await crossValidate();
            }

            await crew.StartAsync(dataPlan, traceParent, From is null ? null : run.Checkpoint);
            GoOn();
            _progress.Running();
            await TrainAsync(traceParent, cancellationToken);
            await EvaluateAsync(traceParent);
        }
        finally
        {
            Summary.WallSeconds = run.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Writes the model with the weights that the servers hold.</summary>
    public async Task SaveModelAsync()
    {
        float[] parameters = await crew.PullAsync();
        var model = new ModelFile(
            plan.Architecture,
            parameters,
            JobFile.ToJson(plan.Job),
            data.Pipeline,
            plan.Job.Model.Threshold,
            plan.Kernel);
        await run.Folder.SaveAsync(model);
        Summary.WeightsSha256 = model.WeightsSha256;
    }

    private void GoOn()
    {
        if (From is not { } from)
        {
            return;
        }

        _epoch = EpochSums.Of(from);
        _bestStep = from.BestStep;
        _speed.GoOn(from);
        (Summary.Steps, Summary.Epochs, Summary.SkippedSteps) = (from.Steps, from.Epoch, from.SkippedSteps);
        if (plan.Job.EarlyStopping is { } spec)
        {
            _stopping = new EarlyStopping(spec, from.BestValue, from.BestEpoch);
        }
    }

    // Between two steps.
    private TrainingPosition Position() => new(
        _progress.Step,
        Summary.Steps,
        _epoch.Epoch,
        _epoch.Steps,
        _epoch.LossSum,
        _epoch.WeightSum,
        _epoch.Rows,
        run.Folder.Lines)
    {
        SkippedSteps = Summary.SkippedSteps,
        SkippedInEpoch = _epoch.Skipped,
        BestValue = _stopping?.BestValue,
        BestEpoch = _stopping?.BestEpoch ?? 0,
        BestStep = _bestStep,
        EpochSeconds = _epoch.Elapsed.TotalSeconds,
        MeasuredSeconds = _speed.Seconds,
        MeasuredRows = _speed.Rows,
        WallSeconds = run.Elapsed.TotalSeconds,
        Fold = Fold?.Number,
        Folds = [.. Summary.Folds.Select(fold => fold.ToRecord())],
    };

    private async Task TrainAsync(string? traceParent, CancellationToken cancellationToken)
    {
        while (Summary.Steps < plan.TotalSteps)
        {
            int epoch = _epoch.Epoch;
            using Activity? activity = TraceContext.Start(TrainerActivity.EpochRun, traceParent);
            activity?.SetTag(TrainerActivity.Epoch, epoch + 1);
            string? below = TraceContext.Next(activity, traceParent);
            await RunEpochAsync(below, cancellationToken);
            EpochReport report = await ReportAsync(below);
            Summary.Epochs = report.Epoch;
            if (await run.Folder.AppendAsync(report) is { } reason)
            {
                _progress.Tell(
                    $"warning: 'metrics.jsonl' could not be written: {reason}. The job goes on and tries again.");
            }

            _progress.Report(report);
            if (_stopping is not null && await ShouldStopAsync(report))
            {
                Summary.StoppedEarly = Summary.Steps < plan.TotalSteps;
                break;
            }

            _epoch = new EpochSums(epoch + 1);
            await run.Saver.OfferAsync(crew, Position());
        }

        Summary.BestEpoch = Summary.Epochs;
        if (_stopping is not null && plan.Job.EarlyStopping!.RestoreBest)
        {
            Summary.BestEpoch = _stopping.BestEpoch;
            await crew.RestoreBestAsync();
        }
    }

    private async Task<bool> ShouldStopAsync(EpochReport report)
    {
        if (_stopping!.IsBest(report.Epoch, report.Validation))
        {
            await crew.MarkBestAsync();
            _bestStep = _progress.Step;
        }

        return _stopping.Exhausted;
    }

    private async Task RunEpochAsync(string? traceParent, CancellationToken cancellationToken)
    {
        long before = Summary.Steps - _epoch.Steps;
        int steps = (int)Math.Min(plan.Shards.StepsPerEpoch, plan.TotalSteps - before);
        while (_epoch.Steps < steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                await run.Saver.SaveAsync(crew, Position());
                cancellationToken.ThrowIfCancellationRequested();
            }

            await MoveIfNeededAsync();
            await RunRangeAsync(steps, traceParent);
            if (_epoch.Steps < steps)
            {
                await run.Saver.OfferAsync(crew, Position());
            }
        }

        if (_epoch.Skipped == steps)
        {
            throw DivergedException.Because(
                $"The loss or the gradient of every step of epoch {_epoch.Epoch + 1}",
                plan.Job.Optimizer.LearningRate);
        }
    }

    // Saved at this very step, so that nothing is done again.
    private async Task MoveIfNeededAsync()
    {
        if (!crew.ShouldMove)
        {
            return;
        }

        TrainingPosition position = Position();
        await run.Saver.SaveAsync(crew, position);
        if (run.Saver.LastWritten == position.TotalSteps)
        {
            throw new CrewMovesException(position.TotalSteps);
        }

        crew.PostponeMove();
    }

    private async Task RunRangeAsync(int steps, string? traceParent)
    {
        int count = _pacing.Next(Math.Min(steps - _epoch.Steps, run.Saver.StepsUntilDue(_progress.Step)));
        long start = run.Time.GetTimestamp();
        StepSums sums = await crew.RunStepsAsync(
            Summary.Steps, count, _epoch.Epoch, _epoch.Steps, _epoch.LossSum, _epoch.WeightSum, traceParent);
        TimeSpan took = run.Time.GetElapsedTime(start);
        _epoch = _epoch.With(sums, took);
        Summary.Steps += sums.Completed;
        _progress.Stepped(Summary.Steps);
        TellSkipped(sums);
        if (sums.NonFinite is { } what)
        {
            throw DivergedException.Because(
                $"{Step(Summary.Steps)}: {what}", plan.Job.Optimizer.LearningRate);
        }

        _pacing.Measured(count, took);
    }

    private void TellSkipped(StepSums sums)
    {
        // The first one is news; the summary counts the rest.
        if (sums.Skipped > 0 && Summary.SkippedSteps == 0)
        {
            _progress.Tell(
                $"warning: {Step(sums.FirstSkipped)}: {sums.SkippedFor} became NaN or infinite; the batch was skipped "
                + "('on_non_finite'). Others are counted in the summary.");
        }

        Summary.SkippedSteps += sums.Skipped;
    }

    private string Step(long step)
    {
        string fold = Fold?.Number is { } number ? $"Fold {number}, step" : "Step";
        return $"{fold} {step + 1} (epoch {_epoch.Epoch + 1})";
    }

    private async Task<EpochReport> ReportAsync(string? traceParent)
    {
        _speed.Measured(_epoch);
        Summary.RowsPerSecond = _speed.RowsPerSecond;
        ImmutableArray<MetricValue> validation = data.Rows(DataPart.Validation) == 0
            ? []
            : await crew.EvaluateAsync(DataPart.Validation, pull: false, traceParent);

        // The line of an epoch stays short; the summary has all of them.
        validation = validation.RemoveAll(
            metric => !MetricNames.IsHeadline(metric.Name) && _stopping?.Watches(metric.Name) != true);
        return new EpochReport(
            _epoch.Epoch + 1,
            Summary.Steps,
            _epoch.Loss,
            validation,
            _epoch.Rows / _epoch.Elapsed.TotalSeconds,
            run.Elapsed.TotalSeconds)
        {
            Fold = Fold?.Number,
            Folds = Fold?.Count ?? 0,
            GradientNorms = _epoch.GradientNorms,
            Line = run.Folder.Lines + 1,
        };
    }

    private async Task EvaluateAsync(string? traceParent)
    {
        // The model that stays is that of all rows.
        await (Fold?.Number is null ? SaveModelAsync() : Task.CompletedTask);
        bool pull = true;
        foreach (DataPart part in Enum.GetValues<DataPart>())
        {
            if (data.Rows(part) > 0)
            {
                string name = part.ToString().ToLowerInvariant();
                Summary.Parts[name] = await EvaluateAsync(part, pull, traceParent);
                pull = false;
            }
        }
    }

    private async Task<IReadOnlyList<MetricValue>> EvaluateAsync(DataPart part, bool pull, string? traceParent)
    {
        try
        {
            return await crew.EvaluateAsync(part, pull, traceParent);
        }
        catch (DivergedException) when (part == DataPart.Train && Summary.SkippedSteps > 0)
        {
            // The rows whose batches were skipped are among them.
            _progress.Tell(
                "warning: the loss of the train rows is NaN or infinite; the summary has no metrics of them.");
            return [];
        }
    }
}
