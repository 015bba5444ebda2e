using Trainer.Sweeps.Schedulers;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

public sealed class TrialSchedulerTests
{
    private const int MaxEpochs = 9;

    private static readonly Dictionary<string, Func<Goal, ITrialScheduler>> Makers = new()
    {
        ["none"] = _ => new NoScheduler(),
        ["median"] = goal => new MedianScheduler(goal),
        ["successive_halving"] = goal => new SuccessiveHalvingScheduler(goal, MaxEpochs),
        ["asha"] = goal => new AshaScheduler(goal, MaxEpochs),
        ["asha stopping"] = goal => new AshaScheduler(goal, MaxEpochs, isPausing: false),
        ["hyperband"] = goal => new HyperbandScheduler(goal, MaxEpochs),
        ["pbt"] = goal => new PopulationScheduler(SweepSimulator.Space, goal, 5, MaxEpochs),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    // Those that never stop a trial save no epochs.
    public static TheoryData<string> StoppingNames => [.. Makers.Keys.Where(name => name is not ("none" or "pbt"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sweep_AnySlots_EveryTrialEnds(string name)
    {
        foreach (int slots in new[] { 1, 3, 27 })
        {
            IReadOnlyList<Trial> table = Simulate(name, slots: slots).Table;

            Assert.Equal(27, table.Count);
            Assert.All(table, trial => Assert.True(trial.HasEnded, $"{trial.Number}, {slots} slots: {trial.State}"));
            Assert.Contains(table, trial => trial.State == TrialState.Completed);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sweep_TheBestTrial_RunsToItsEnd(string name)
    {
        SweepSimulator sweep = Simulate(name);

        Trial best = sweep.Table.MinBy(trial => sweep.Loss(trial.Number, MaxEpochs))!;

        Assert.Equal((TrialState.Completed, MaxEpochs), (best.State, best.Epochs));
    }

    [Theory]
    [MemberData(nameof(StoppingNames))]
    public void Sweep_Epochs_AreSaved(string name)
    {
        SweepSimulator sweep = Simulate(name);

        Assert.InRange(sweep.Epochs, MaxEpochs, 27 * MaxEpochs * 4 / 5);
        Assert.Contains(sweep.Table, trial => trial.State == TrialState.Pruned);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sweep_Again_DecidesTheSame(string name) => Assert.Equal(Simulate(name).Log, Simulate(name).Log);

    [Theory]
    [MemberData(nameof(Names))]
    public void Sweep_MaximizeTheNegative_DecidesTheSame(string name) =>
        Assert.Equal(Simulate(name).Log, Simulate(name, Goal.Maximize).Log);

    [Theory]
    [MemberData(nameof(Names))]
    public void Sweep_DivergedTrials_HoldNobodyUp(string name)
    {
        SweepSimulator sweep = Simulate(name, diverges: number => number % 4 == 0);

        Assert.All(sweep.Table, trial => Assert.True(trial.HasEnded, $"trial {trial.Number}: {trial.State}"));
        Assert.Contains(sweep.Table, trial => trial.State == TrialState.Completed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sweep_FewerTrialsThanABracket_EndsWithACompletedOne(string name)
    {
        foreach (int trials in new[] { 1, 2, 5 })
        {
            IReadOnlyList<Trial> table = Simulate(name, trials: trials).Table;

            Assert.All(table, trial => Assert.True(trial.HasEnded));
            Assert.Contains(table, trial => trial.State == TrialState.Completed);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OnReport_ValuesThatWereNotMeasured_EndTheSweepToo(string name)
    {
        ITrialScheduler scheduler = Makers[name](Goal.Minimize);
        Trial[] table = [.. Enumerable.Range(0, 9).Select(number => Trial.Started(number, Point(0.1, 2)) with
        {
            State = number == 0 ? TrialState.Running : TrialState.Paused,
            Curve = [double.NaN],
        })];

        TrialDecision decision = scheduler.OnReport(table, 0);

        Assert.Equal(0, decision.Number);
    }

    [Theory]
    [MemberData(nameof(StoppingNames))]
    public void OnReport_UnknownTrial_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => Makers[name](Goal.Minimize).OnReport([], 3));

    [Fact]
    public void Median_WorseThanTheMedianOfMeans_Stops()
    {
        var scheduler = new MedianScheduler(Goal.Maximize, startupTrials: 3);
        Trial[] completed = [.. new[] { 0.6, 0.7, 0.8 }.Select((value, i) =>
            new Trial(i, Point(0.1, 2), TrialState.Completed, value, [value - 0.1, value + 0.1, value]))];

        Assert.Equal(TrialAction.Stop, Decide(0.69, 0.5));
        Assert.Equal(TrialAction.Continue, Decide(0.71, 0.5));

        TrialAction Decide(params double[] curve) => scheduler.OnReport(
            [.. completed, Trial.Started(3, Point(0.1, 2)) with { Curve = curve }], 3).Action;
    }

    [Fact]
    public void Median_MetricOfEverySecondEpoch_StopsToo()
    {
        var scheduler = new MedianScheduler(Goal.Maximize, startupTrials: 1);
        Trial[] trials =
        [
            new(0, Point(0.1, 2), TrialState.Completed, 0.8, [double.NaN, 0.7, double.NaN, 0.8]),
            Trial.Started(1, Point(0.1, 2)) with { Curve = [double.NaN, 0.5] },
        ];

        Assert.Equal(TrialAction.Stop, scheduler.OnReport(trials, 1).Action);
    }

    [Fact]
    public void Rungs_LengthThatIsNoPower_EndAtAThirdOfIt()
    {
        var scheduler = new AshaScheduler(Goal.Minimize, 10);

        int[] rungs = [.. Enumerable.Range(1, 10).Where(epochs => scheduler.OnReport(
            [Trial.Started(0, Point(0.1, 2)) with { Curve = new double[epochs] }], 0).Action == TrialAction.Pause)];

        Assert.Equal([1, 3], rungs);
    }

    [Fact]
    public void SuccessiveHalving_Rungs_KeepAThirdEach()
    {
        IReadOnlyList<Trial> table = Simulate("successive_halving", trials: 9).Table;

        Assert.Equal([1, 1, 1, 1, 1, 1, 3, 3, 9], table.Select(trial => trial.Epochs).Order());
    }

    [Fact]
    public void Hyperband_OneRound_HasThePapersBrackets()
    {
        var scheduler = new HyperbandScheduler(Goal.Minimize, 81);

        // Table 1 of the paper: R = 81, eta = 3.
        Assert.Equal(81 + 34 + 15 + 8 + 5, scheduler.TrialsPerRound);
    }

    [Fact]
    public void Asha_FullRung_PromotesAThird()
    {
        SweepSimulator sweep = Simulate("asha");

        Assert.Equal(9, sweep.Table.Count(trial => trial.Epochs >= 2));
        Assert.Equal(3, sweep.Table.Count(trial => trial.Epochs >= 4));
        Assert.Equal(27 + (9 * 2) + (3 * 6), sweep.Epochs);
    }

    [Fact]
    public void Population_WorstTrials_TakeFromTheBest()
    {
        var scheduler = new PopulationScheduler(
            SweepSimulator.Space, Goal.Minimize, 5, 9, new PopulationOptions { Mutable = ["rate"] });
        Trial[] table = [.. Enumerable.Range(0, 8).Select(number =>
            new Trial(number, Point(0.01 * (number + 1), number + 1), TrialState.Paused, number, [number]))];

        IReadOnlyList<TrialDecision> decisions = scheduler.Wake(table, isLast: false);

        Assert.Equal([6, 7], decisions.Where(decision => decision.Action == TrialAction.Exploit).Select(d => d.Number));
        Assert.Equal(8, decisions.Count);
        Assert.All(decisions.Take(2), decision =>
        {
            ParameterSet source = table[decision.From!.Value].Parameters;
            Assert.InRange(decision.From.Value, 0, 1);
            Assert.Equal(source[1], decision.Parameters![1]);
            Assert.NotEqual(source[0], decision.Parameters[0]);
            Assert.True(SweepSimulator.Space.Contains(decision.Parameters));
        });
    }

    [Fact]
    public void Population_BestHasEnded_GivesNothing()
    {
        Trial[] table = [.. Enumerable.Range(0, 8).Select(number => new Trial(
            number,
            Point(0.01 * (number + 1), number + 1),
            number < 2 ? TrialState.Completed : TrialState.Paused,
            number,
            [number]))];

        IReadOnlyList<TrialDecision> decisions = Makers["pbt"](Goal.Minimize).Wake(table, isLast: false);

        int?[] sources = [.. decisions.Where(each => each.Action == TrialAction.Exploit).Select(each => each.From)];
        Assert.Equal(2, sources.Length);
        Assert.All(sources, from => Assert.InRange(from!.Value, 2, 3));
    }

    [Fact]
    public void Population_OneIsMissing_AllWait()
    {
        ITrialScheduler scheduler = Makers["pbt"](Goal.Minimize);
        Trial[] table = [.. Enumerable.Range(0, 8).Select(number => Trial.Started(number, Point(0.1, 2)) with
        {
            State = number == 7 ? TrialState.Running : TrialState.Paused,
            Curve = number == 7 ? [] : [1.0],
        })];

        Assert.Empty(scheduler.Wake(table, isLast: true));
    }

    [Fact]
    public void Population_UnknownMutableKey_Throws() =>
        Assert.Throws<SearchSpaceException>(() => new PopulationScheduler(
            SweepSimulator.Space, Goal.Minimize, 5, 9, new PopulationOptions { Mutable = ["depth"] }));

    private static ParameterSet Point(double rate, double width) => new([rate, width]);

    private static SweepSimulator Simulate(
        string name, Goal goal = Goal.Minimize, int trials = 27, int slots = 3, Func<int, bool>? diverges = null) =>
        new SweepSimulator(Makers[name](goal), goal, MaxEpochs, trials, slots)
        {
            Diverges = diverges ?? (_ => false),
        }.Run();
}
