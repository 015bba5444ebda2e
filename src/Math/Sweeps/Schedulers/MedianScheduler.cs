namespace Trainer.Sweeps.Schedulers;

/// <summary>
/// Stops a trial whose best value so far is worse than the median of the completed trials' means up to the same epoch.
/// </summary>
/// <remarks>
/// Source: Golovin et al., "Google Vizier: a service for black-box optimization", 2017, section 3.2.2.
/// </remarks>
public sealed class MedianScheduler : ITrialScheduler
{
    private readonly Goal _goal;
    private readonly int _startupTrials;
    private readonly int _warmupEpochs;
    private readonly int _interval;

    /// <summary>The median rule.</summary>
    /// <param name="goal">Which values are better.</param>
    /// <param name="startupTrials">Trials that must be complete before any is stopped; default 5.</param>
    /// <param name="warmupEpochs">Epochs that each trial gets in any case; default 1.</param>
    /// <param name="interval">Epochs between two looks at a trial; default 1.</param>
    public MedianScheduler(Goal goal, int startupTrials = 5, int warmupEpochs = 1, int interval = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(startupTrials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupEpochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        _goal = goal;
        _startupTrials = startupTrials;
        _warmupEpochs = warmupEpochs;
        _interval = interval;
    }

    /// <inheritdoc/>
    public TrialDecision OnReport(IReadOnlyList<Trial> trials, int number)
    {
        Trial trial = trials.Numbered(number);
        int epoch = trial.Epochs;
        if (epoch <= _warmupEpochs || (epoch - _warmupEpochs) % _interval != 0)
        {
            return new TrialDecision(number, TrialAction.Continue);
        }

        double[] means = [.. trials
            .Where(other => other.State == TrialState.Completed && other.Number != number && other.Epochs >= epoch)
            .Select(other => Mean(other, epoch))
            .Where(double.IsFinite)
            .Order()];
        if (means.Length < _startupTrials)
        {
            return new TrialDecision(number, TrialAction.Continue);
        }

        double median = (means[(means.Length - 1) / 2] + means[means.Length / 2]) / 2;
        double best = Losses(trial, epoch).Min();
        return new TrialDecision(number, best > median ? TrialAction.Stop : TrialAction.Continue);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrialDecision> Wake(IReadOnlyList<Trial> trials, bool isLast) => [];

    // Over the epochs from the first one that was measured.
    private double Mean(Trial trial, int epoch) =>
        Losses(trial, epoch).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Average();

    private IEnumerable<double> Losses(Trial trial, int epoch) =>
        Enumerable.Range(1, epoch).Select(at => trial.LossAt(at, _goal));
}
