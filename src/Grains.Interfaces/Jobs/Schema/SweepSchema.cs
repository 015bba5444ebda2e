using Trainer.Metrics;
using Trainer.Sweeps;

namespace Trainer.Jobs.Schema;

/// <summary>
/// The section <c>sweep</c> of a sweep file, key by key; its space is read by <see cref="SpaceReader"/>.
/// </summary>
internal static class SweepSchema
{
    /// <summary>Key of the search space.</summary>
    public const string Space = "space";

    /// <summary>Who proposes.</summary>
    public static readonly NamedSection<SamplerSpec> Sampler = new(
        [
            new Variant<SamplerSpec, TpeSpec>("tpe", new Section<TpeSpec>(
                new TpeSpec(),
                Count<TpeSpec>(
                    "startup_trials", "Random trials before the model is used.",
                    s => s.StartupTrials, (s, v) => s with { StartupTrials = v }),
                Count<TpeSpec>(
                    "candidates", "Candidates a proposal.",
                    s => s.Candidates, (s, v) => s with { Candidates = v }),
                Key<TpeSpec>.Of(
                    "gamma", "Share of trials that counts as good.",
                    new NumberRule { Above = 0, Below = 1 }, s => s.Gamma, (s, v) => s with { Gamma = v }),
                Key<TpeSpec>.Of(
                    "multivariate", "One density over all dimensions.",
                    new SwitchRule(), s => s.Multivariate, (s, v) => s with { Multivariate = v }),
                Key<TpeSpec>.Of(
                    "constant_liar", "Running trials count as bad ones.",
                    new SwitchRule(), s => s.ConstantLiar, (s, v) => s with { ConstantLiar = v }))),
            new Variant<SamplerSpec, GridSpec>("grid", new Section<GridSpec>(
                new GridSpec(),
                Key<GridSpec>.Of(
                    "points", "Points of a range of real numbers.",
                    new IntegerRule<int>(2, 1000), s => s.Points, (s, v) => s with { Points = v }))),
            new Variant<SamplerSpec, RandomSpec>("random", new Section<RandomSpec>(new RandomSpec())),
            new Variant<SamplerSpec, LatinHypercubeSpec>(
                "latin_hypercube", new Section<LatinHypercubeSpec>(new LatinHypercubeSpec())),
            new Variant<SamplerSpec, SobolSpec>("sobol", new Section<SobolSpec>(new SobolSpec())),
            new Variant<SamplerSpec, GaussianProcessSpec>("gp", new Section<GaussianProcessSpec>(
                new GaussianProcessSpec(),
                Count<GaussianProcessSpec>(
                    "startup_trials", "Random trials before the model is used.",
                    s => s.StartupTrials, (s, v) => s with { StartupTrials = v }),
                Count<GaussianProcessSpec>(
                    "candidates", "Candidates a proposal.",
                    s => s.Candidates, (s, v) => s with { Candidates = v }))),
            new Variant<SamplerSpec, CmaEsSpec>("cmaes", new Section<CmaEsSpec>(
                new CmaEsSpec(),
                Key<CmaEsSpec>.Of(
                    "population", "Trials of a generation; null: 4 + floor(3 ln d).",
                    new IntegerRule<int>(4, 100_000).OrNull(), s => s.Population, (s, v) => s with { Population = v }),
                Key<CmaEsSpec>.Of(
                    "sigma", "First standard deviation as a part of each range.",
                    new NumberRule { Above = 0, To = 1 }, s => s.Sigma, (s, v) => s with { Sigma = v }))),
        ]);

    /// <summary>Who stops early.</summary>
    public static readonly NamedSection<TrialSchedulerSpec> Scheduler = new(
        [
            new Variant<TrialSchedulerSpec, NoSchedulerSpec>(
                "none", new Section<NoSchedulerSpec>(new NoSchedulerSpec())),
            new Variant<TrialSchedulerSpec, MedianSpec>("median", new Section<MedianSpec>(
                new MedianSpec(),
                Count<MedianSpec>(
                    "startup_trials", "Trials that must have ended first.",
                    s => s.StartupTrials, (s, v) => s with { StartupTrials = v }),
                Key<MedianSpec>.Of(
                    "warmup_epochs", "Epochs in which nobody is stopped.",
                    new IntegerRule<int>(0, int.MaxValue), s => s.WarmupEpochs, (s, v) => s with { WarmupEpochs = v }),
                Count<MedianSpec>(
                    "interval", "Epochs between two decisions.",
                    s => s.Interval, (s, v) => s with { Interval = v }))),
            Halving("successive_halving", new SuccessiveHalvingSpec()),
            Halving("asha", new AshaSpec()),
            Halving("hyperband", new HyperbandSpec()),
            new Variant<TrialSchedulerSpec, PbtSpec>("pbt", new Section<PbtSpec>(
                new PbtSpec(),
                Key<PbtSpec>.Of(
                    "population", "Trials of a population.",
                    new IntegerRule<int>(2, int.MaxValue), s => s.Population, (s, v) => s with { Population = v }),
                Count<PbtSpec>(
                    "interval", "Epochs between two exchanges.",
                    s => s.Interval, (s, v) => s with { Interval = v }),
                Key<PbtSpec>.Of(
                    "quantile", "Share of the population that takes over, and of which.",
                    new NumberRule { Above = 0, To = 0.5 }, s => s.Quantile, (s, v) => s with { Quantile = v }),
                Key<PbtSpec>.Of(
                    "resample", "Chance that a parameter is drawn anew.",
                    new NumberRule { From = 0, To = 1 }, s => s.Resample, (s, v) => s with { Resample = v }),
                Key<PbtSpec>.Of(
                    "perturbation", "Factor 1 + this or 1 - this on a parameter.",
                    new NumberRule { Above = 0, Below = 1 },
                    s => s.Perturbation, (s, v) => s with { Perturbation = v }))),
        ]);

    private static readonly Section<SweepBudgetSpec> Budget = new(
        new SweepBudgetSpec(),
        Key<SweepBudgetSpec>.Of(
            "minutes", "Minutes after which no trial is started.",
            new NumberRule { Above = 0 }.OrNull(), s => s.Minutes, (s, v) => s with { Minutes = v }),
        Key<SweepBudgetSpec>.Of(
            "epochs", "Epochs of all trials together after which none is started.",
            new IntegerRule<long>(1, long.MaxValue).OrNull(), s => s.Epochs, (s, v) => s with { Epochs = v }));

    /// <summary>The section.</summary>
    public static Section<SweepSpec> Root { get; } = new(
        new SweepSpec(),
        Key<SweepSpec>.Of(
            "sampler", "Who proposes parameters.", Sampler, s => s.Sampler, (s, v) => s with { Sampler = v }),
        Key<SweepSpec>.Of(
            "scheduler", "Who stops trials early.", Scheduler, s => s.Scheduler, (s, v) => s with { Scheduler = v }),
        Key<SweepSpec>.Of(
            "metric", "The metric, as part.metric.",
            new ChoiceRule<string>([.. Metrics().Select(name => (name, name))]),
            s => s.Metric, (s, v) => s with { Metric = v }),
        Key<SweepSpec>.Of(
            "goal", "Which values are better; auto: what the metric's name says.",
            new ChoiceRule<Goal>([("maximize", Goal.Maximize), ("minimize", Goal.Minimize)]).OrWord("auto"),
            s => s.Goal, (s, v) => s with { Goal = v }),
        Count<SweepSpec>("trials", "Trials in all.", s => s.Trials, (s, v) => s with { Trials = v }),
        Key<SweepSpec>.Of(
            "parallel", "Trials at the same time; auto: one a compute thread.",
            new IntegerRule<int>(1, 100_000).OrWord("auto"), s => s.Parallel, (s, v) => s with { Parallel = v }),
        Key<SweepSpec>.Of(
            "budget", "Limits of the whole sweep.", Budget, s => s.Budget, (s, v) => s with { Budget = v }),
        Key<SweepSpec>.Of(
            "repeats", "Seeds a trial.",
            new IntegerRule<int>(1, 1000), s => s.Repeats, (s, v) => s with { Repeats = v }),
        Key<SweepSpec>.Of(
            "seed", "Seed of sampler and scheduler; null: the job's.",
            new IntegerRule<long>(0, long.MaxValue).OrNull(), s => s.Seed, (s, v) => s with { Seed = v }),
        Key<SweepSpec>.Of(
            "target", "Value of the metric at which no more trials are started.",
            new NumberRule { From = -double.MaxValue }.OrNull(), s => s.Target, (s, v) => s with { Target = v }),
        Key<SweepSpec>.Of(
            "failures", "Failed trials that are borne.",
            new IntegerRule<int>(0, int.MaxValue).OrNull(), s => s.Failures, (s, v) => s with { Failures = v }));

    private static IEnumerable<string> Metrics() =>
        from part in (string[])["validation", "test", "train"]
        from metric in MetricNames.All
        select $"{part}.{metric}";

    private static Key<T> Count<T>(string name, string description, Func<T, int> get, Func<T, int, T> with) =>
        Key<T>.Of(name, description, new IntegerRule<int>(1, int.MaxValue), get, with);

    private static Variant<TrialSchedulerSpec, T> Halving<T>(string name, T defaults)
        where T : HalvingSpec => new(name, new Section<T>(
            defaults,
            Key<T>.Of(
                "eta", "One of so many goes on.",
                new IntegerRule<int>(2, 1000), s => s.Eta, (s, v) => s with { Eta = v }),
            Count<T>("min_epochs", "Epochs of the first rung.", s => s.MinEpochs, (s, v) => s with { MinEpochs = v })));
}
