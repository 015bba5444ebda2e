using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;

namespace Trainer.Runs;

/// <summary>Decides, epoch by epoch, whether the weights are the best so far and whether to go on.</summary>
/// <param name="spec">The job's wishes.</param>
/// <param name="bestValue">The best value so far; null before the first epoch.</param>
/// <param name="bestEpoch">Its epoch, from 1; 0 before the first.</param>
internal sealed class EarlyStopping(EarlyStoppingSpec spec, double? bestValue = null, int bestEpoch = 0)
{
    private const string Part = "validation.";

    /// <summary>The best value so far; null before the first epoch.</summary>
    public double? BestValue { get; private set; } = bestValue;

    /// <summary>The best epoch so far, from 1; 0 before the first.</summary>
    public int BestEpoch { get; private set; } = bestEpoch;

    /// <summary>Whether training should end.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>Whether a metric of the validation part is the one that decides.</summary>
    public bool Watches(string metric) => spec.Metric == Part + metric;

    /// <summary>Takes an epoch's metrics.</summary>
    /// <param name="epoch">Epoch, from 1.</param>
    /// <param name="validation">Metrics of the validation part.</param>
    /// <returns>True when this epoch is strictly better than all before.</returns>
    /// <exception cref="TrainerException">The metric is not among them.</exception>
    public bool IsBest(int epoch, IReadOnlyList<MetricValue> validation)
    {
        string name = spec.Metric.StartsWith(Part, StringComparison.Ordinal) ? spec.Metric[Part.Length..] : spec.Metric;
        if (validation.FirstOrDefault(metric => metric.Name == name) is not { } found)
        {
            throw new TrainerException(
                $"'early_stopping.metric' is '{spec.Metric}', which this job does not have; it has "
                + $"{string.Join(", ", validation.Select(metric => Part + metric.Name))}.");
        }

        bool grows = MetricNames.Grows(name);
        bool better = BestValue is not { } best || (grows ? found.Value > best : found.Value < best);
        if (better)
        {
            (BestValue, BestEpoch) = (found.Value, epoch);
        }

        Exhausted = epoch - BestEpoch >= spec.Patience;
        return better;
    }
}
