using System.Collections.Immutable;
using System.Numerics;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Errors;
using Trainer.Jobs.Documents;
using Trainer.Jobs.Schema;
using Trainer.Losses;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Preprocessing;
using Trainer.Training;

namespace Trainer.Jobs;

/// <summary>
/// A job with its data: everything that <c>auto</c> stood for, as the Math types that run it. A pure function of job
/// and plan, so client and grains compute it on their own and agree; resolving <see cref="Job"/> again gives the same.
/// </summary>
public sealed class JobPlan
{
    /// <summary>Value of <c>on_non_finite</c>: a batch with a NaN or an infinity is skipped.</summary>
    public const string Skip = "skip";

    private const int MostAutomaticShards = 64;
    private const int RowsOfAnAutomaticShard = 16;
    private const string ValidationPrefix = "validation.";

    private readonly LearningRateSchedule _schedule;

    private JobPlan(
        JobSpec job,
        MlpArchitecture architecture,
        TrainingObjective objective,
        LogicalShards shards,
        IReadOnlyList<string> warnings)
    {
        (Job, Architecture, Objective, Shards, Warnings) = (job, architecture, objective, shards, warnings);
        Initialization = job.Model.Init ?? AutomaticInitialization(job.Model.Activation);
        Optimizer = SettingsOf(job.Optimizer) with
        {
            DecayBiases = job.Optimizer.DecayBiases,
            ClipNorm = job.Optimizer.ClipNorm,
            SkipNonFinite = job.OnNonFinite == Skip,
        };
        long steps = (long)job.Training.Epochs * shards.StepsPerEpoch;
        TotalSteps = Math.Min(steps, job.Training.MaxSteps ?? steps);
        _schedule = new LearningRateSchedule(
            job.Optimizer.LearningRate,
            job.Schedule.WarmupSteps,
            shards.StepsPerEpoch,
            TotalSteps,
            CurveOf(job.Schedule));
    }

    /// <summary>
    /// The job with what <c>auto</c> stood for: source, output unit, loss, initialisation, batch size and logical
    /// shards; early stopping is off without a validation part. Workers stay <c>auto</c>, for they follow the cluster.
    /// </summary>
    public JobSpec Job { get; }

    /// <summary>The network.</summary>
    public MlpArchitecture Architecture { get; }

    /// <summary>The initialisation.</summary>
    public WeightInitialization Initialization { get; }

    /// <summary>The optimizer.</summary>
    public OptimizerSettings Optimizer { get; }

    /// <summary>What training minimises beyond the loss.</summary>
    public TrainingObjective Objective { get; }

    /// <summary>The logical shards.</summary>
    public LogicalShards Shards { get; }

    /// <summary>What all sessions of the training share.</summary>
    public TrainingSetup Setup =>
        new(Architecture, Objective, Initialization, Optimizer, Shards, checked((ulong)Job.Seed));

    /// <summary>The name of the summation rule that gives the job's bits.</summary>
    public string Kernel => Backend(SerialTeam.Instance).Kernel;

    /// <summary>Steps of the whole job: epochs times steps an epoch, at most <c>max_steps</c>.</summary>
    public long TotalSteps { get; }

    /// <summary>
    /// Things the user should know, one line each (e.g. a clipped batch size, early stopping without a validation
    /// part).
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Resolves a job against its data.</summary>
    /// <param name="job">The job.</param>
    /// <param name="data">The plan of its data.</param>
    /// <exception cref="ConfigurationException">
    /// They do not fit (e.g. more logical shards than rows in a batch).
    /// </exception>
    public static JobPlan Create(JobSpec job, DataPlan data)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(data);
        List<string> warnings = [.. data.Warnings];
        int rows = data.Rows(DataPart.Train);
        if (job.Model.Dropout > 0 && job.Model.Hidden.IsEmpty)
        {
            warnings.Add("'model.dropout' has no effect, as there is no hidden layer ('model.hidden').");
        }

        int batchSize = BatchSizeOf(job.Training, rows, warnings);
        int shards = ShardsOf(job.Distributed.LogicalShards, job.Training.BatchSize, batchSize);
        MlpArchitecture architecture = ArchitectureOf(job, data);
        TrainingObjective objective = ObjectivePlan.Create(job, data, architecture.Loss);
        JobSpec resolved = job with
        {
            Data = JobData.Resolved(job.Data, data.Request),
            Split = JobData.Resolved(job.Split, data.Request),
            Model = job.Model with
            {
                Output = architecture.OutputUnit,
                Init = job.Model.Init ?? AutomaticInitialization(job.Model.Activation),
            },
            Loss = (job.Loss ?? new LossSpec()) with { Name = architecture.Loss },
            Training = job.Training with { BatchSize = batchSize },
            Distributed = job.Distributed with { LogicalShards = shards },
            EarlyStopping = EarlyStoppingOf(job, data, warnings),
        };
        var sampling = new LogicalShards(rows, batchSize, shards, checked((ulong)job.Seed), job.Training.Shuffle);
        return new JobPlan(resolved, architecture, objective, sampling, warnings);
    }

    /// <summary>
    /// The data request of a job: what <see cref="DataPlan.Create"/> takes. Resolves catalogue names and paths.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">
    /// Folder of the job file. A relative <c>data.source</c> starts there, so that a job file and its data can be
    /// moved together; a file that is not there is looked for in the current folder.
    /// </param>
    /// <exception cref="DataException">There is no such file or data set.</exception>
    public static DataRequest Request(JobSpec job, string folder)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(folder);
        JobData files = JobData.Find(job, folder);
        return Request(job, files.Source, files.Test);
    }

    /// <summary>The data request of a job whose sources have been found and registered.</summary>
    /// <param name="job">The job.</param>
    /// <param name="source">The rows.</param>
    /// <param name="test">The test part; null: a fraction of the rows.</param>
    public static DataRequest Request(JobSpec job, DataSource source, DataSource? test)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        SplitSpec split = job.Split.Fractions(hasOwnTest: test is not null);
        return new DataRequest(
            source,
            source.Labels is null ? job.Data.Target : [],
            job.Data.Features.Include,
            job.Data.Features.Exclude,
            job.Data.Columns,
            split.Train,
            split.Validation,
            split.Test,
            split.Stratify,
            job.Preprocess.Numeric,
            job.Model.Output,
            checked((ulong)job.Seed))
        {
            TestSource = test,
            Weights = job.Data.Weights,
            Categorical =
                job.Preprocess.Categorical == "ordinal" ? CategoricalEncoding.Ordinal : CategoricalEncoding.OneHot,
            MissingIndicator = job.Preprocess.Missing.Indicator,
            Degree = job.Preprocess.Polynomial.Degree,
            Interactions = job.Preprocess.Polynomial.Interactions,
        };
    }

    /// <summary>The data requests of the folds of a cross-validation; none without one.</summary>
    /// <param name="job">The job; the path of a fold file is absolute or starts in the current folder.</param>
    /// <param name="whole">Its request, with all rows in the training part.</param>
    /// <param name="cancellationToken">Stops reading a fold file.</param>
    /// <exception cref="DataException">The fold file cannot be used.</exception>
    public static IReadOnlyList<DataRequest> Folds(
        JobSpec job, DataRequest whole, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(whole);
        if (job.Split.Folds is not { } folds)
        {
            return [];
        }

        ImmutableArray<int> ofRow = folds.File is { } file ? ReadFolds(file, cancellationToken) : [];
        int count = folds.File is null ? folds.Count : ofRow.Max() + 1;
        return
        [
            .. Enumerable.Range(0, count).Select(held => whole with
            {
                TestSource = null,
                Fold = new FoldSplit(count, held, ofRow),
                Stratify = whole.Stratify && folds.File is null,
            }),
        ];
    }

    /// <summary>What computes the job: the one place that decides by its <c>device</c>.</summary>
    /// <param name="team">Threads for what runs on the cores.</param>
    public IComputeBackend Backend(IComputeTeam team) => Job.Device == "cpu"
        ? new CpuBackend(team)
        : throw new ConfigurationException($"'device' is {Job.Device}; allowed is cpu.");

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Step since the start of the job, from 0.</param>
    public float LearningRate(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return _schedule.Rate(step);
    }

    /// <summary>Shard grains on a cluster of <paramref name="silos"/> silos.</summary>
    /// <param name="silos">Silos, at least 1; a silo inside the client counts.</param>
    /// <exception cref="ConfigurationException">More workers than logical shards; says what to set.</exception>
    public int Workers(int silos)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silos);
        if (Job.Distributed.Workers is not { } workers)
        {
            return Math.Min(silos, Shards.Count);
        }

        return workers <= Shards.Count
            ? workers
            : throw new ConfigurationException(
                $"'distributed.workers' is {workers}, but the job has {Shards.Count} logical shards; set it to "
                + $"{Shards.Count} or less, or 'distributed.logical_shards' to a power of two of at least {workers}.");
    }

    private static int BatchSizeOf(TrainingSpec training, int rows, List<string> warnings)
    {
        if (training.BatchSize > rows)
        {
            warnings.Add(
                $"'training.batch_size' is {training.BatchSize}, but there are {rows} training rows; using {rows}.");
        }

        return Math.Min(training.BatchSize ?? rows, rows);
    }

    private static int ShardsOf(int? asked, int? askedBatchSize, int batchSize)
    {
        if (asked is not { } shards)
        {
            uint most = (uint)Math.Clamp(batchSize / RowsOfAnAutomaticShard, 1, MostAutomaticShards);
            return 1 << BitOperations.Log2(most);
        }

        int largest = 1 << BitOperations.Log2((uint)batchSize);
        string clipped = askedBatchSize > batchSize ? " (there are no more training rows)" : "";
        return shards <= batchSize
            ? shards
            : throw new ConfigurationException(
                $"'distributed.logical_shards' is {shards}, but a batch has {batchSize} rows{clipped}; set it "
                + $"to {largest} or less, or to auto.");
    }

    private static MlpArchitecture ArchitectureOf(JobSpec job, DataPlan data)
    {
        if (job.Model.Output is { } output && output != data.OutputUnit)
        {
            throw new ConfigurationException(
                $"'model.output' is {Name(output)}, but the target asks for {Name(data.OutputUnit)}; set it to that "
                + "or to auto.");
        }

        LossFunction loss = ObjectivePlan.LossOf(job.Loss, data.OutputUnit);
        var architecture = new MlpArchitecture(
            data.Inputs, job.Model.Hidden, job.Model.Activation, data.Outputs, data.OutputUnit, loss);
        try
        {
            _ = new ParameterLayout(architecture);
            return architecture;
        }
        catch (ArgumentException)
        {
            string widths = Problem.Quote(string.Join(", ", job.Model.Hidden));
            throw new ConfigurationException(
                $"'model.hidden' is [{widths}], which makes more than {Array.MaxLength} parameters; make the layers "
                + "narrower.");
        }
    }

    private static EarlyStoppingSpec? EarlyStoppingOf(JobSpec job, DataPlan data, List<string> warnings)
    {
        if (job.EarlyStopping is not { } stopping)
        {
            return null;
        }

        if (data.Rows(DataPart.Validation) == 0)
        {
            warnings.Add(job.Split.Folds is not null
                ? "with 'split.folds' there is no validation part, so early stopping is off."
                : "there is no validation part ('split.validation'), so early stopping is off.");
            return null;
        }

        string[] metrics =
        [
            .. MetricNames.Of(data.OutputUnit, data.Outputs).Select(metric => $"{ValidationPrefix}{metric}"),
        ];
        return metrics.Contains(stopping.Metric)
            ? stopping
            : throw new ConfigurationException(
                $"'early_stopping.metric' is {stopping.Metric}, which the output unit {Name(data.OutputUnit)} does not "
                + $"have; set it to {Problem.OneOf(metrics)}.");
    }

    private static ImmutableArray<int> ReadFolds(string file, CancellationToken cancellationToken)
    {
        try
        {
            return FoldSplit.Read(Catalogue.Register(file), cancellationToken);
        }
        catch (DataException error)
        {
            throw new DataException($"'split.folds': {error.Message}");
        }
    }

    private static string Name(OutputUnit unit) => ValueNames.OutputUnits.NameOf(unit);

    private static WeightInitialization AutomaticInitialization(Activation activation) =>
        activation switch
        {
            Activation.Identity or Activation.Sigmoid or Activation.Tanh => WeightInitialization.Xavier,
            Activation.Selu => WeightInitialization.Lecun,
            _ => WeightInitialization.He,
        };

    private static RateCurve CurveOf(ScheduleSpec schedule) => schedule switch
    {
        StepScheduleSpec step => new StepCurve(step.Every, step.Factor),
        ExponentialScheduleSpec exponential => new StepCurve(1, exponential.Rate),
        CosineScheduleSpec cosine => new CosineCurve(cosine.Minimum),
        _ => new ConstantCurve(),
    };

    private static OptimizerSettings SettingsOf(OptimizerSpec optimizer) => optimizer switch
    {
        SgdSpec sgd => new SgdSettings(sgd.Momentum, sgd.WeightDecay, sgd.Nesterov),
        AdamSpec { AmsGrad: true } adam => Family(adam, AdamVariant.AmsGrad),
        AdamSpec adam => Family(adam, AdamVariant.Adam),
        AdamWSpec adam => Family(adam, AdamVariant.AdamW),
        NAdamSpec adam => Family(adam, AdamVariant.NAdam),
        RmsPropSpec rms => new RmsPropSettings(rms.Alpha, rms.Epsilon, rms.WeightDecay),
        AdagradSpec grad => new AdagradSettings(grad.Epsilon, grad.WeightDecay),
        AdadeltaSpec delta => new AdadeltaSettings(delta.Rho, delta.Epsilon, delta.WeightDecay),
        _ => throw new ArgumentException($"No settings for {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    private static AdamSettings Family(AdamFamilySpec adam, AdamVariant variant) =>
        new(adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay, variant);
}
