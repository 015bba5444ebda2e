using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Schedulers;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps;

/// <summary>Runs a sweep on made-up learning curves, one epoch of one trial at a time.</summary>
internal sealed class SweepSimulator(ITrialScheduler scheduler, Goal goal, int maxEpochs, int trials, int slots)
{
    public static readonly SearchSpace Space = new(Dimension.LogUniform("rate", 1e-4, 1), Dimension.Int("width", 1, 9));

    private readonly Sweep _sweep = new(new RandomSampler(Space, 3), scheduler, goal, trials);
    private readonly List<string> _log = [];

    public IReadOnlyList<Trial> Table => _sweep.Trials;

    /// <summary>The trials that diverge in their second epoch.</summary>
    public Func<int, bool> Diverges { get; init; } = _ => false;

    public IReadOnlyList<string> Log => _log;

    public int Epochs { get; private set; }

    /// <summary>Trial n levels off at a quality of its own.</summary>
    public double Loss(int number, int epoch) => ((number * 37 % trials) / (double)trials) + (1.0 / epoch);

    public SweepSimulator Run()
    {
        while (true)
        {
            while (Running().Length < slots && _sweep.Ask() is not null)
            {
            }

            Write(_sweep.Wake());
            if (Running().Length == 0)
            {
                return this;
            }

            foreach (int number in Running())
            {
                Step(number);
            }
        }
    }

    private int[] Running() =>
        [.. Table.Where(trial => trial.State == TrialState.Running).Select(trial => trial.Number)];

    private void Step(int number)
    {
        Epochs++;
        int epoch = Table[number].Epochs + 1;
        if (Diverges(number) && epoch == 2)
        {
            Write(_sweep.Tell(number, TrialState.Diverged, double.NaN));
            return;
        }

        double value = goal == Goal.Minimize ? Loss(number, epoch) : -Loss(number, epoch);
        Write(_sweep.Report(number, value));
        if (epoch >= maxEpochs && Table[number].State == TrialState.Running)
        {
            Write(_sweep.Tell(number, TrialState.Completed, value));
        }
    }

    private void Write(IReadOnlyList<TrialDecision> decisions) => _log.AddRange(decisions.Select(decision =>
        $"{decision.Number}@{Table[decision.Number].Epochs} {decision.Action} {decision.From} {decision.Parameters}"));
}
