using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Schedulers;

namespace Trainer.Sweeps;

/// <summary>
/// A sweep by ask and tell: asks the sampler for trials, keeps their table, and passes on what the scheduler decides.
/// Who trains, where and how, is the caller's business.
/// </summary>
/// <remarks>Its only state is the table: a sweep made from the table of another one goes on like it.</remarks>
public sealed class Sweep
{
    private readonly ISampler _sampler;
    private readonly ITrialScheduler _scheduler;
    private readonly Goal _goal;
    private readonly List<Trial> _trials;
    private readonly int? _window;
    private bool _isExhausted;

    /// <summary>A new sweep, or one that goes on.</summary>
    /// <param name="sampler">Proposes parameters.</param>
    /// <param name="scheduler">Decides who goes on.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="mostTrials">Trials to start in all.</param>
    /// <param name="trials">The table so far, trial n at place n; null: none.</param>
    /// <param name="window">
    /// With n a trial is proposed once all but the n trials before it have ended, and as if those n had just started:
    /// proposals then do not depend on which trial is faster. Null: whenever asked, from all that is known.
    /// </param>
    public Sweep(
        ISampler sampler,
        ITrialScheduler scheduler,
        Goal goal,
        int mostTrials,
        IEnumerable<Trial>? trials = null,
        int? window = null)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostTrials, 1);
        _sampler = sampler;
        _scheduler = scheduler;
        _goal = goal;
        MostTrials = mostTrials;
        _window = window;
        _trials = [.. trials ?? []];
        if (_trials.Index().FirstOrDefault(item => item.Item.Number != item.Index).Item is { } misplaced)
        {
            throw new ArgumentException(
                $"Trial {misplaced.Number} is not at its place in the table; the order must be that of their numbers.",
                nameof(trials));
        }
    }

    /// <summary>Trials to start in all; may be changed while the sweep runs.</summary>
    public int MostTrials { get; set; }

    /// <summary>The table, in the order of numbers.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>
    /// The completed trial with the best value, the first one of equals; null when none has completed.
    /// </summary>
    public Trial? Best => _trials
        .Where(trial => trial.State == TrialState.Completed && double.IsFinite(trial.Value))
        .MinBy(trial => trial.Loss(_goal));

    /// <summary>Whether all trials have started.</summary>
    public bool AllStarted => _isExhausted || _trials.Count >= MostTrials;

    /// <summary>Whether the next trial can be proposed now; else others have to end first.</summary>
    public bool MayAsk => !AllStarted
        && (_window is not { } window || _trials.Take(_trials.Count - window).All(trial => trial.HasEnded));

    /// <summary>Starts a trial: its parameters are proposed and it stands as running in the table.</summary>
    /// <returns>
    /// The trial, or null when all have started, others have to end first (<see cref="MayAsk"/>), or every point of the
    /// space is taken.
    /// </returns>
    public Trial? Ask()
    {
        if (!MayAsk)
        {
            return null;
        }

        if (_sampler.Propose(Known(_trials, _trials.Count, _window), _trials.Count) is not { } parameters)
        {
            _isExhausted = true;
            return null;
        }

        var trial = Trial.Started(_trials.Count, parameters);
        _trials.Add(trial);
        return trial;
    }

    /// <summary>Takes the metric of a trial after one more epoch.</summary>
    /// <param name="number">A running trial.</param>
    /// <param name="value">The metric; NaN when it was not measured.</param>
    /// <returns>What becomes of the trial, and then of paused ones, to be carried out in this order.</returns>
    public IReadOnlyList<TrialDecision> Report(int number, double value)
    {
        Trial trial = Running(number);
        _trials[number] = trial with
        {
            Curve = [.. trial.Curve, value],
            Value = double.IsNaN(value) ? trial.Value : value,
        };
        TrialDecision decision = _scheduler.OnReport(_trials, number);
        Apply(decision);
        return [decision, .. Wake()];
    }

    /// <summary>Takes the end of a trial.</summary>
    /// <param name="number">A running trial.</param>
    /// <param name="state">Completed, diverged or failed (or pruned, by other rules than the scheduler's).</param>
    /// <param name="value">The metric; NaN when there is none.</param>
    /// <returns>What becomes of paused trials.</returns>
    public IReadOnlyList<TrialDecision> Tell(int number, TrialState state, double value)
    {
        Trial ended = Running(number) with { State = state, Value = value };
        if (!ended.HasEnded)
        {
            throw new ArgumentException($"'{state}' is no end of a trial.", nameof(state));
        }

        _trials[number] = ended;
        return Wake();
    }

    /// <summary>
    /// Asks the scheduler about paused trials; needed once more when <see cref="Ask"/> first gives null.
    /// </summary>
    /// <returns>What becomes of them, to be carried out in this order.</returns>
    public IReadOnlyList<TrialDecision> Wake()
    {
        IReadOnlyList<TrialDecision> decisions = _scheduler.Wake(_trials, AllStarted);
        foreach (TrialDecision decision in decisions)
        {
            Apply(decision);
        }

        return decisions;
    }

    /// <summary>
    /// What a trial's proposal may depend on: those before it, the last ones as if they had just started.
    /// </summary>
    /// <param name="trials">All trials.</param>
    /// <param name="number">The trial to be proposed.</param>
    /// <param name="window">How many of the last ones are not known yet; null: all are known.</param>
    public static IReadOnlyList<Trial> Known(IReadOnlyList<Trial> trials, int number, int? window)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return
        [
            .. trials.Take(number).Select(trial => window > 0 && trial.Number >= number - window
                ? Trial.Started(trial.Number, trial.Parameters)
                : trial),
        ];
    }

    private Trial Running(int number) =>
        number >= 0 && number < _trials.Count && _trials[number].State == TrialState.Running ? _trials[number]
            : throw new ArgumentException($"Trial {number} is not running.", nameof(number));

    private void Apply(TrialDecision decision)
    {
        Trial trial = _trials[decision.Number];
        _trials[decision.Number] = decision.Action switch
        {
            TrialAction.Stop => trial with { State = TrialState.Pruned },
            TrialAction.Pause => trial with { State = TrialState.Paused },
            TrialAction.Exploit => trial with { State = TrialState.Running, Parameters = decision.Parameters! },
            _ => trial with { State = TrialState.Running },
        };
    }
}
