using System.Collections.Immutable;
using System.Diagnostics;

using Trainer.Data;
using Trainer.Diagnostics;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;

namespace Trainer.Runs;

/// <summary>Runs one job from the first step to the model file: epochs, evaluation, early stopping.</summary>
/// <remarks>Lives on its grain's scheduler and only awaits; the arithmetic is the workers'.</remarks>
internal sealed class JobRunner(
    JobSubmission submission, JobPlan plan, DataPlan data, JobCrew crew, ProgressLog progress, TimeProvider time)
{
    private readonly RunFolder _folder = new(submission.RunFolder);
    private readonly StepPacing _pacing = new();
    private readonly EarlyStopping? _stopping = plan.Job.EarlyStopping is { } spec ? new EarlyStopping(spec) : null;
    private TimeSpan _measured;
    private long _measuredRows;

    /// <summary>Which training of a cross-validation this is; null without one.</summary>
    public FoldPlace? Fold { get; init; }

    /// <summary>When the job started.</summary>
    public long Started { get; init; } = time.GetTimestamp();

    /// <summary>What comes before the training: the folds.</summary>
    public Func<Task<IReadOnlyList<FoldResult>>>? CrossValidate { get; init; }

    /// <summary>What the summary will say.</summary>
    public RunSummary Summary { get; } = new() { Parameters = new ParameterLayout(plan.Architecture).ParameterCount };

    /// <summary>Trains, evaluates and writes the model.</summary>
    /// <param name="traceParent">Span to hang the epochs below.</param>
    /// <param name="cancellationToken">
    /// Ends training at the next range of steps; what was learned is still written.
    /// </param>
    /// <exception cref="DivergedException">A value was NaN or infinite.</exception>
    public async Task RunAsync(string? traceParent, CancellationToken cancellationToken)
    {
        try
        {
            if (CrossValidate is { } crossValidate)
            {
                Summary.Folds = await crossValidate();
            }

            await crew.StartAsync(submission.DataPlan, traceParent);
            progress.Running();
            await TrainAsync(traceParent, cancellationToken);
            await EvaluateAsync(traceParent);
        }
        finally
        {
            Summary.WallSeconds = time.GetElapsedTime(Started).TotalSeconds;
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
        await _folder.SaveAsync(model);
        Summary.WeightsSha256 = model.WeightsSha256;
    }

    private async Task TrainAsync(string? traceParent, CancellationToken cancellationToken)
    {
        for (int epoch = 0; Summary.Steps < plan.TotalSteps; epoch++)
        {
            using Activity? activity = TraceContext.Start(TrainerActivity.EpochRun, traceParent);
            activity?.SetTag(TrainerActivity.Epoch, epoch + 1);
            string? below = TraceContext.Next(activity, traceParent);
            EpochReport report = await RunEpochAsync(epoch, below, cancellationToken);
            Summary.Epochs = report.Epoch;
            await _folder.AppendAsync(report);
            progress.Report(report);
            if (_stopping is not null && await ShouldStopAsync(report))
            {
                Summary.StoppedEarly = Summary.Steps < plan.TotalSteps;
                break;
            }
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
        }

        return _stopping.Exhausted;
    }

    private async Task<EpochReport> RunEpochAsync(int epoch, string? traceParent, CancellationToken cancellationToken)
    {
        double lossSum = 0;
        double weightSum = 0;
        long rows = 0;
        var elapsed = TimeSpan.Zero;
        int inEpoch = 0;
        ImmutableArray<double> norms = [];
        int steps = (int)Math.Min(plan.Shards.StepsPerEpoch, plan.TotalSteps - Summary.Steps);
        while (inEpoch < steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = _pacing.Next(steps - inEpoch);
            long start = time.GetTimestamp();
            StepSums sums =
                await crew.RunStepsAsync(Summary.Steps, count, epoch, inEpoch, lossSum, weightSum, traceParent);
            TimeSpan took = time.GetElapsedTime(start);
            (lossSum, weightSum, norms) = (sums.LossSum, sums.WeightSum, sums.GradientNorms);
            (rows, elapsed) = (rows + sums.RowCount, elapsed + took);
            Summary.Steps += sums.Completed;
            inEpoch += sums.Completed;
            progress.Stepped(Summary.Steps);
            if (sums.NonFinite is { } what)
            {
                string fold = Fold?.Number is { } number ? $"Fold {number}, step" : "Step";
                throw DivergedException.Because(
                    $"{fold} {Summary.Steps + 1} (epoch {epoch + 1}): {what}", plan.Job.Optimizer.LearningRate);
            }

            _pacing.Measured(count, took);
        }

        Measure(epoch, rows, elapsed);
        ImmutableArray<MetricValue> validation = data.Rows(DataPart.Validation) == 0
            ? []
            : await crew.EvaluateAsync(DataPart.Validation, pull: false, traceParent);

        // The line of an epoch stays short; the summary has all of them.
        validation = validation.RemoveAll(
            metric => !MetricNames.IsHeadline(metric.Name) && _stopping?.Watches(metric.Name) != true);
        return new EpochReport(
            epoch + 1,
            Summary.Steps,
            weightSum > 0 ? lossSum / weightSum : 0,
            validation,
            rows / elapsed.TotalSeconds,
            time.GetElapsedTime(Started).TotalSeconds)
        {
            Fold = Fold?.Number,
            Folds = Fold?.Count ?? 0,
            GradientNorms = norms,
        };
    }

    // The first epoch compiles code, so it counts only while it is the only one.
    private void Measure(int epoch, long rows, TimeSpan elapsed)
    {
        if (epoch == 1)
        {
            (_measured, _measuredRows) = (TimeSpan.Zero, 0);
        }

        _measured += elapsed;
        _measuredRows += rows;
        Summary.RowsPerSecond = _measuredRows / _measured.TotalSeconds;
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
                Summary.Parts[name] = await crew.EvaluateAsync(part, pull, traceParent);
                pull = false;
            }
        }
    }
}
