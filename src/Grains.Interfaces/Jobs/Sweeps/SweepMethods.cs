using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Schedulers;

namespace Trainer.Jobs;

/// <summary>Samplers and trial schedulers of a sweep file.</summary>
public static class SweepMethods
{
    // What may change while a trial keeps its weights.
    private static readonly string[] MutableSections = ["optimizer", "schedule", "loss", "training"];

    /// <summary>The sampler.</summary>
    /// <param name="file">The sweep.</param>
    /// <param name="trials">Trials in all.</param>
    public static ISampler Sampler(SweepFile file, int trials)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Sweep.Sampler switch
        {
            GridSpec grid => new GridSampler(file.Space, grid.Points),
            RandomSpec => new RandomSampler(file.Space, file.Seed),
            LatinHypercubeSpec => new LatinHypercubeSampler(file.Space, file.Seed, trials),
            SobolSpec => new SobolSampler(file.Space, file.Seed),
            GaussianProcessSpec gp => new GaussianProcessSampler(
                file.Space,
                file.Goal,
                file.Seed,
                new GaussianProcessOptions { StartupTrials = gp.StartupTrials, Candidates = gp.Candidates }),
            CmaEsSpec cma => new CmaEsSampler(
                file.Space,
                file.Goal,
                file.Seed,
                new CmaEsOptions { Population = cma.Population, Sigma = cma.Sigma }),
            TpeSpec tpe => new TpeSampler(
                file.Space,
                file.Goal,
                file.Seed,
                new TpeOptions
                {
                    StartupTrials = tpe.StartupTrials,
                    Candidates = tpe.Candidates,
                    Gamma = tpe.Gamma,
                    IsMultivariate = tpe.Multivariate,
                    UsesConstantLiar = tpe.ConstantLiar,
                }),
            _ => throw new ArgumentException($"No sampler for {file.Sweep.Sampler.GetType().Name}.", nameof(file)),
        };
    }

    /// <summary>The trial scheduler.</summary>
    /// <param name="file">The sweep; the epochs of its job are those of a whole trial.</param>
    public static ITrialScheduler Scheduler(SweepFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        int epochs = file.Job.Training.Epochs;
        return file.Sweep.Scheduler switch
        {
            MedianSpec median => new MedianScheduler(
                file.Goal, median.StartupTrials, median.WarmupEpochs, median.Interval),
            SuccessiveHalvingSpec halving => new SuccessiveHalvingScheduler(
                file.Goal, epochs, halving.MinEpochs, halving.Eta, file.Sweep.Trials),
            AshaSpec asha => new AshaScheduler(file.Goal, epochs, asha.MinEpochs, asha.Eta),
            HyperbandSpec hyperband => new HyperbandScheduler(file.Goal, epochs, hyperband.MinEpochs, hyperband.Eta),
            PbtSpec pbt => new PopulationScheduler(
                file.Space,
                file.Goal,
                file.Seed,
                epochs,
                new PopulationOptions
                {
                    Population = pbt.Population,
                    Interval = pbt.Interval,
                    Quantile = pbt.Quantile,
                    Resample = pbt.Resample,
                    Perturbation = pbt.Perturbation,
                    Mutable =
                    [
                        .. file.Space.Dimensions.Select(dimension => dimension.Path).Where(path =>
                            MutableSections.Any(section => path.StartsWith($"{section}.", StringComparison.Ordinal))),
                    ],
                }),
            _ => new NoScheduler(),
        };
    }
}
