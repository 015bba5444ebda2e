using Trainer.Backends;
using Trainer.Data;
using Trainer.Datasets;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Runs;

namespace Trainer.Sweeps;

/// <summary>
/// One training of a trial on one thread, without grains: the same arithmetic in the same order as a job, so the same
/// bits.
/// </summary>
/// <remarks>Not safe for threads; runs a slice of steps at a time, so that others get their turn.</remarks>
internal sealed class RepeatRun : IDisposable
{
    private readonly JobPlan _plan;
    private readonly TrialData _data;
    private readonly DataPart _part;
    private readonly string _metric;
    private readonly IComputeBackend _backend;
    private readonly IShardSession _worker;
    private readonly IPartitionSession _server;
    private readonly ILocalSession _local;
    private readonly EarlyStopping? _stopping;
    private float[]? _best;
    private int _inEpoch;
    private int _skipped;
    private long _steps;

    /// <summary>A training that has not begun.</summary>
    /// <param name="plan">Its job.</param>
    /// <param name="data">Its data.</param>
    /// <param name="part">Part of the metric.</param>
    /// <param name="metric">Name of the metric in its part.</param>
    public RepeatRun(JobPlan plan, TrialData data, DataPart part, string metric)
    {
        (_plan, _data, _part, _metric) = (plan, data, part, metric);
        var whole = new ParameterRange(0, new ParameterLayout(plan.Architecture).Length);
        _backend = plan.Backend(SerialTeam.Instance);
        _worker = _backend.OpenShards(plan.Setup, data.Training(plan));
        _server = _backend.OpenPartition(plan.Setup, whole);
        _local = _backend.OpenLocal(_worker, _server);
        _stopping = plan.Job.EarlyStopping is { } spec ? new EarlyStopping(spec) : null;
    }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether no epoch is left.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The metric after the last epoch or, at the end, with the weights that a job would keep.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>A copy of the weights.</summary>
    public float[] Weights => _server.Weights.ToArray();

    /// <summary>Goes on at an epoch with given weights; the optimizer starts anew.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="weights">Flat in panel order.</param>
    public void Restart(int epoch, ReadOnlySpan<float> weights)
    {
        _server.SetWeights(weights);
        (Epoch, _steps, _inEpoch, _skipped) = (epoch, (long)epoch * _plan.Shards.StepsPerEpoch, 0, 0);
    }

    /// <summary>Runs steps of the epoch at hand until it ends or the time is over.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="slice">The time.</param>
    /// <returns>True when the epoch has ended.</returns>
    /// <exception cref="DivergedException">A value was NaN or infinite.</exception>
    public bool RunSlice(TimeProvider time, TimeSpan slice)
    {
        long start = time.GetTimestamp();
        int steps = (int)Math.Min(_plan.Shards.StepsPerEpoch, _plan.TotalSteps - (_steps - _inEpoch));
        float[] rates = [.. Enumerable.Range(0, steps - _inEpoch).Select(i => _plan.LearningRate(_steps + i))];
        StepTotals totals = _local.Run(
            new LocalSteps(Epoch, _inEpoch, rates, WantsNorms: false),
            default,
            () => time.GetElapsedTime(start) < slice);
        _steps += totals.Completed;
        _inEpoch += totals.Completed;
        _skipped += totals.Skipped;
        if (totals.NonFinite is { } what)
        {
            throw DivergedException.Because(
                $"Step {_steps + 1} (epoch {Epoch + 1}): {what}", _plan.Job.Optimizer.LearningRate);
        }

        if (_inEpoch < steps)
        {
            return false;
        }

        if (_skipped == steps)
        {
            throw DivergedException.Because(
                $"The loss or the gradient of every step of epoch {Epoch + 1}", _plan.Job.Optimizer.LearningRate);
        }

        (_inEpoch, _skipped) = (0, 0);
        Epoch++;
        EndEpoch();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _worker.Dispose();
        _server.Dispose();
    }

    private void EndEpoch()
    {
        IReadOnlyDictionary<string, double>? validation =
            _data.Plan.Rows(DataPart.Validation) > 0 ? Evaluate(DataPart.Validation) : null;
        bool stops = _steps >= _plan.TotalSteps;
        if (_stopping is not null && validation is not null)
        {
            MetricValue[] metrics = [.. validation.Select(metric => new MetricValue(metric.Key, metric.Value))];
            if (_stopping.IsBest(Epoch, metrics))
            {
                _best = Weights;
            }

            stops |= _stopping.Exhausted;
        }

        if (stops)
        {
            HasEnded = true;
            if (_stopping is not null && _plan.Job.EarlyStopping!.RestoreBest && _best is not null)
            {
                _server.SetWeights(_best);
                validation = null;
            }
        }

        Value = Read(_part == DataPart.Validation && validation is not null ? validation : Evaluate(_part));
    }

    private double Read(IReadOnlyDictionary<string, double> metrics) =>
        metrics.TryGetValue(_metric, out double value) ? value : double.NaN;

    private IReadOnlyDictionary<string, double> Evaluate(DataPart part)
    {
        int count = _plan.Shards.Count;
        Dictionary<int, EvaluationSums> sums = _data.Evaluated(part, count).ToDictionary(
            pair => pair.Key,
            pair => _backend.Evaluate(_plan.Architecture, _server.Weights.Span, pair.Value));
        EvaluationSums all = EvaluationSums.CombineShards(sums, count);
        return double.IsFinite(all.LossSum)
            ? all.ToMetrics(_plan.Job.Model.Threshold)
            : throw DivergedException.Because(
                $"The loss of the {part.ToString().ToLowerInvariant()} rows after epoch {Epoch}",
                _plan.Job.Optimizer.LearningRate);
    }
}
