using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Schedulers;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

public sealed class SweepTests
{
    private static readonly SearchSpace Space = new(Dimension.Uniform("x", -1, 1), Dimension.Uniform("y", -1, 1));

    [Fact]
    public void AskAndTell_Loop_FindsTheMinimum()
    {
        Sweep sweep = Create(60);

        while (sweep.Ask() is { } trial)
        {
            sweep.Tell(trial.Number, TrialState.Completed, Value(trial));
        }

        Assert.Equal(60, sweep.Trials.Count);
        Assert.InRange(sweep.Best!.Value, 0, 0.01);
    }

    [Fact]
    public void Create_FromTheTableOfAnother_GoesOnLikeIt()
    {
        Sweep whole = Create(30);
        while (whole.Ask() is { } trial)
        {
            whole.Tell(trial.Number, TrialState.Completed, Value(trial));
        }

        Sweep resumed = Create(30, whole.Trials.Take(17));
        while (resumed.Ask() is { } trial)
        {
            resumed.Tell(trial.Number, TrialState.Completed, Value(trial));
        }

        Assert.Equal(whole.Trials.Select(trial => trial.Parameters), resumed.Trials.Select(trial => trial.Parameters));
    }

    [Fact]
    public void Ask_EveryPointTaken_GivesNull()
    {
        var space = new SearchSpace(Dimension.Int("x", 1, 3));
        var sweep = new Sweep(new RandomSampler(space, 1), new NoScheduler(), Goal.Minimize, 10);

        Trial?[] asked = [sweep.Ask(), sweep.Ask(), sweep.Ask(), sweep.Ask()];

        Assert.Equal(3, asked.OfType<Trial>().Count());
        Assert.True(sweep.AllStarted);
    }

    [Fact]
    public void Report_Curve_IsKeptWithItsLastMeasuredValue()
    {
        Sweep sweep = Create(1);
        sweep.Ask();

        sweep.Report(0, 3);
        sweep.Report(0, double.NaN);

        Assert.Equal([3, double.NaN], sweep.Trials[0].Curve);
        Assert.Equal(3, sweep.Trials[0].Value);
    }

    [Fact]
    public void Best_Maximize_IsTheLargestCompletedOne()
    {
        var sweep = new Sweep(new RandomSampler(Space, 1), new NoScheduler(), Goal.Maximize, 4);
        foreach ((double value, TrialState state) in new[]
            {
                (0.5, TrialState.Completed), (0.9, TrialState.Pruned), (0.7, TrialState.Completed),
                (double.NaN, TrialState.Diverged),
            })
        {
            sweep.Tell(sweep.Ask()!.Number, state, value);
        }

        Assert.Equal(2, sweep.Best!.Number);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void Ask_Window_WaitsForAllButTheLastOnes(int window, int atOnce)
    {
        Sweep sweep = Create(9, window: window);

        int started = Enumerable.Range(0, 9).TakeWhile(_ => sweep.Ask() is not null).Count();
        bool waits = !sweep.MayAsk;
        sweep.Tell(0, TrialState.Completed, 1);

        Assert.Equal(atOnce, started);
        Assert.True(waits);
        Assert.True(sweep.MayAsk);
    }

    [Fact]
    public void Ask_AnyOrderOfEndsInTheWindow_ProposesTheSame()
    {
        static string[] Run(int[] order)
        {
            Sweep sweep = Create(24, window: 3);
            List<Trial> running = [];
            while (sweep.Trials.Count < 24 || running.Count > 0)
            {
                while (sweep.Ask() is { } trial)
                {
                    running.Add(trial);
                }

                Trial ends = running[order[sweep.Trials.Count % order.Length] % running.Count];
                running.Remove(ends);
                sweep.Tell(ends.Number, TrialState.Completed, Value(ends));
            }

            return [.. sweep.Trials.Select(trial => trial.Parameters.ToString())];
        }

        Assert.Equal(Run([0]), Run([2, 0, 1]));
    }

    [Fact]
    public void Known_SequentialWindow_KnowsTheTrialBefore()
    {
        Sweep sweep = Create(3, window: 0);
        sweep.Ask();
        sweep.Tell(0, TrialState.Completed, 1);

        Assert.Equal(1, Assert.Single(Sweep.Known(sweep.Trials, 1, 0)).Value);
        Assert.Equal(double.NaN, Assert.Single(Sweep.Known(sweep.Trials, 1, 1)).Value);
    }

    [Fact]
    public void Tell_WrongTrialOrState_Throws()
    {
        Sweep sweep = Create(3);
        sweep.Ask();

        Assert.Throws<ArgumentException>(() => sweep.Tell(1, TrialState.Completed, 1));
        Assert.Throws<ArgumentException>(() => sweep.Tell(0, TrialState.Paused, 1));
        sweep.Tell(0, TrialState.Completed, 1);
        Assert.Throws<ArgumentException>(() => sweep.Report(0, 1));
        Assert.Throws<ArgumentException>(() => Create(3, [sweep.Trials[0] with { Number = 5 }]));
    }

    private static Sweep Create(int trials, IEnumerable<Trial>? table = null, int? window = null) =>
        new(new TpeSampler(Space, Goal.Minimize, 4), new NoScheduler(), Goal.Minimize, trials, table, window);

    private static double Value(Trial trial) =>
        (trial.Parameters[0] * trial.Parameters[0]) + (trial.Parameters[1] * trial.Parameters[1]);
}
