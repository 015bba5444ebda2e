using System.Collections.Immutable;

using Trainer.Metrics;

namespace Trainer.Jobs.Schema;

/// <summary>
/// The job file, key by key, in the order of the documentation: the one place where a key, a range or a name is
/// added. Defaults are the specs'; reading, writing, the JSON Schema and the nearest right name all come from this
/// table.
/// </summary>
internal static class JobSchema
{
    private const int MostLogicalShards = 1 << 20;
    private const int MostDegree = 16;

    private static readonly Section<FeaturesSpec> Features = new(
        new FeaturesSpec(),
        Key<FeaturesSpec>.Of(
            "include", "Feature columns; empty: all but the targets.",
            Columns(), s => s.Include, (s, v) => s with { Include = v }),
        Key<FeaturesSpec>.Of(
            "exclude", "Columns that are no features.",
            Columns(), s => s.Exclude, (s, v) => s with { Exclude = v }));

    private static readonly Section<DataSpec> Data = new(
        new DataSpec(),
        Key<DataSpec>.Needed(
            "source", "Name of a data set of the catalogue, path of a file, or a generator.",
            new SourceRule(), s => s.Source, (s, v) => s with { Source = v }),
        Key<DataSpec>.Of(
            "format", "Format of the file.",
            Words("auto", "csv", "idx", "npy").Later("parquet"), s => s.Format, (s, v) => s with { Format = v }),
        Key<DataSpec>.Of(
            "target", "Target column or columns, or the label file of IDX and NPY; null: the catalogue set's own.",
            Columns(one: true, orNull: true), s => s.Target, (s, v) => s with { Target = v }),
        Key<DataSpec>.Of(
            "features", "Which columns are features.",
            Features, s => s.Features, (s, v) => s with { Features = v }),
        Key<DataSpec>.Of(
            "columns", "Names of the columns of a file without a header; null: it has one.",
            Columns(orNull: true), s => s.Columns, (s, v) => s with { Columns = v }),
        Key<DataSpec>.Of(
            "weights", "Column with the weight of each training row, which is no feature; null: all weigh 1.",
            TextRule.Any("a column").OrNothing(), s => s.Weights, (s, v) => s with { Weights = v }));

    private static readonly Section<SplitSpec> Split = new(
        new SplitSpec(),
        Key<SplitSpec>.Of(
            "train", "Fraction of the rows for training; the parts sum to 1.",
            new NumberRule { Above = 0, To = 1 }, s => s.Train, (s, v) => s with { Train = v }),
        Key<SplitSpec>.Of(
            "validation", "Fraction of the rows that early stopping watches; may be 0.",
            new NumberRule { From = 0, To = 1 }, s => s.Validation, (s, v) => s with { Validation = v }),
        Key<SplitSpec>.Of(
            "test", "Fraction of the rows that nothing is chosen by; may be 0.",
            new NumberRule { From = 0, To = 1 }, s => s.Test, (s, v) => s with { Test = v }),
        Key<SplitSpec>.Of(
            "stratify", "Keep the classes' shares in every part.",
            new SwitchRule(), s => s.Stratify, (s, v) => s with { Stratify = v }),
        Key<SplitSpec>.Of(
            "test_source", "A file with the test part; then train and validation sum to 1.",
            TextRule.Any("a path").OrNothing(), s => s.TestSource, (s, v) => s with { TestSource = v }),
        Key<SplitSpec>.Of(
            "test_target", "The label file of the test part.",
            TextRule.Any("a path").OrNothing(), s => s.TestTarget, (s, v) => s with { TestTarget = v }),
        Key<SplitSpec>.Of(
            "folds", "A cross-validation: folds by the seed, or a file that says the fold of each row.",
            new FoldsRule().OrNothing(), s => s.Folds, (s, v) => s with { Folds = v }));

    private static readonly Section<MissingSpec> Missing = new(
        new MissingSpec(),
        Key<MissingSpec>.Of(
            "numeric", "What replaces a missing number.",
            Words("median"), s => s.Numeric, (s, v) => s with { Numeric = v }),
        Key<MissingSpec>.Of(
            "categorical", "What replaces a missing text.",
            Words("mode"), s => s.Categorical, (s, v) => s with { Categorical = v }),
        Key<MissingSpec>.Of(
            "indicator", "Add a column that says which values were missing.",
            new SwitchRule(), s => s.Indicator, (s, v) => s with { Indicator = v }));

    private static readonly Section<PolynomialSpec> Polynomial = new(
        new PolynomialSpec(),
        Key<PolynomialSpec>.Of(
            "degree", "Highest power of a numeric column; 1 adds nothing.",
            new IntegerRule<int>(1, MostDegree), s => s.Degree, (s, v) => s with { Degree = v }),
        Key<PolynomialSpec>.Of(
            "interactions", "Add products of numeric columns.",
            new SwitchRule(), s => s.Interactions, (s, v) => s with { Interactions = v }));

    private static readonly Section<PreprocessSpec> Preprocess = new(
        new PreprocessSpec(),
        Key<PreprocessSpec>.Of(
            "numeric", "Scaling of numeric columns, fitted on training rows.",
            Names(ValueNames.Scalings), s => s.Numeric, (s, v) => s with { Numeric = v }),
        Key<PreprocessSpec>.Of(
            "categorical", "Encoding of text columns.",
            Words("one_hot", "ordinal"), s => s.Categorical, (s, v) => s with { Categorical = v }),
        Key<PreprocessSpec>.Of(
            "missing", "Missing values.",
            Missing, s => s.Missing, (s, v) => s with { Missing = v }),
        Key<PreprocessSpec>.Of(
            "polynomial", "Polynomial and interaction terms.",
            Polynomial, s => s.Polynomial, (s, v) => s with { Polynomial = v }));

    private static readonly Section<ModelSpec> Model = new(
        new ModelSpec(),
        Key<ModelSpec>.Of(
            "hidden", "Widths of the hidden layers; []: linear, logistic or softmax regression.",
            new ListRule<int>(new IntegerRule<int>(1, int.MaxValue), "a list of widths such as [64, 32], or []"),
            s => s.Hidden, (s, v) => s with { Hidden = v }),
        Key<ModelSpec>.Of(
            "activation", "Activation of the hidden layers.",
            Names(ValueNames.Activations), s => s.Activation, (s, v) => s with { Activation = v }),
        Key<ModelSpec>.Of(
            "output", "Output unit; auto: from the target.",
            Names(ValueNames.OutputUnits).OrWord("auto"), s => s.Output, (s, v) => s with { Output = v }),
        Key<ModelSpec>.Of(
            "init", "Initialisation of the weights; auto follows the activation.",
            Names(ValueNames.Initializations).OrWord("auto"), s => s.Init, (s, v) => s with { Init = v }),
        Key<ModelSpec>.Of(
            "dropout", "Share of hidden activations that training drops.",
            new NumberRule { From = 0, Below = 1 }, s => s.Dropout, (s, v) => s with { Dropout = v }),
        Key<ModelSpec>.Of(
            "threshold", "Probability from which the positive class is predicted.",
            new NumberRule { Above = 0, Below = 1 }, s => s.Threshold, (s, v) => s with { Threshold = v }),
        Key<ModelSpec>.Of(
            "initial_weights", "A safetensors file that training starts from; null: as init says.",
            TextRule.Any("a path").OrNothing(),
            s => s.InitialWeights, (s, v) => s with { InitialWeights = v }));

    private static readonly Section<TrainingSpec> Training = new(
        new TrainingSpec(),
        Key<TrainingSpec>.Of(
            "epochs", "Passes over the training rows.",
            new IntegerRule<int>(1, int.MaxValue), s => s.Epochs, (s, v) => s with { Epochs = v }),
        Key<TrainingSpec>.Of(
            "max_steps", "Most steps of the job; null: as many as the epochs have.",
            new IntegerRule<long>(1, long.MaxValue).OrNull(), s => s.MaxSteps, (s, v) => s with { MaxSteps = v }),
        Key<TrainingSpec>.Of(
            "batch_size", "Rows of a global batch; full: all rows.",
            new IntegerRule<int>(1, int.MaxValue).OrWord("full"), s => s.BatchSize, (s, v) => s with { BatchSize = v }),
        Key<TrainingSpec>.Of(
            "shuffle", "Permute the rows in every epoch.",
            new SwitchRule(), s => s.Shuffle, (s, v) => s with { Shuffle = v }));

    private static readonly Section<DistributedSpec> Distributed = new(
        new DistributedSpec(),
        Key<DistributedSpec>.Of(
            "mode", "How workers keep step.",
            Words("synchronous").Later("asynchronous", "local_sgd"), s => s.Mode, (s, v) => s with { Mode = v }),
        Key<DistributedSpec>.Later("max_staleness", "Updates that a gradient may lag behind."),
        Key<DistributedSpec>.Later("local_steps", "Steps between two synchronisations."),
        Key<DistributedSpec>.Of(
            "workers", "Shard grains; auto: one a silo, at most logical_shards.",
            new IntegerRule<int>(1, int.MaxValue).OrWord("auto"), s => s.Workers, (s, v) => s with { Workers = v }),
        Key<DistributedSpec>.Of(
            "logical_shards", "Parts of the training rows, a power of two; auto: batch_size/16, 1 to 64.",
            new IntegerRule<int>(1, MostLogicalShards, powerOfTwo: true).OrWord("auto"),
            s => s.LogicalShards, (s, v) => s with { LogicalShards = v }),
        Key<DistributedSpec>.Of(
            "compression", "Of gradients on their way.",
            Words("none").Later("bf16"), s => s.Compression, (s, v) => s with { Compression = v }));

    private static readonly Section<EarlyStoppingSpec> EarlyStopping = new(
        new EarlyStoppingSpec(),
        Key<EarlyStoppingSpec>.Of(
            "metric", "The metric that has to improve.",
            Words([.. MetricNames.All.Select(metric => $"validation.{metric}")]),
            s => s.Metric, (s, v) => s with { Metric = v }),
        Key<EarlyStoppingSpec>.Of(
            "patience", "Epochs without an improvement after which training stops.",
            new IntegerRule<int>(1, int.MaxValue), s => s.Patience, (s, v) => s with { Patience = v }),
        Key<EarlyStoppingSpec>.Of(
            "restore_best", "End with the weights of the best epoch.",
            new SwitchRule(), s => s.RestoreBest, (s, v) => s with { RestoreBest = v }));

    private static readonly Section<CheckpointSpec> Checkpoint = new(
        new CheckpointSpec(),
        Key<CheckpointSpec>.Of(
            "every_seconds", "Seconds between checkpoints.",
            new NumberRule { Above = 0 }.OrNull(), s => s.EverySeconds, (s, v) => s with { EverySeconds = v }),
        Key<CheckpointSpec>.Of(
            "every_steps", "Steps between checkpoints.",
            new IntegerRule<long>(1, long.MaxValue).OrNull(), s => s.EverySteps, (s, v) => s with { EverySteps = v }),
        Key<CheckpointSpec>.Of(
            "keep", "Checkpoints that are kept.",
            new IntegerRule<int>(1, int.MaxValue), s => s.Keep, (s, v) => s with { Keep = v }));

    private static readonly Section<TelemetrySpec> Telemetry = new(
        new TelemetrySpec(),
        Key<TelemetrySpec>.Of(
            "console", "Write spans to standard error and to the silos' logs.",
            new SwitchRule(), s => s.Console, (s, v) => s with { Console = v }),
        Key<TelemetrySpec>.Of(
            "otlp", "Base URL of an OTLP receiver.",
            TextRule.Url().OrNothing(), s => s.Otlp, (s, v) => s with { Otlp = v }),
        Key<TelemetrySpec>.Of(
            "gradient_spans", "Which steps get spans of their gradients.",
            Words("sampled").Later("none", "all"), s => s.GradientSpans, (s, v) => s with { GradientSpans = v }));

    /// <summary>The whole job file.</summary>
    public static readonly Section<JobSpec> Root = new(
        new JobSpec(),
        Key<JobSpec>.Of(
            "version", "Version of the schema.",
            new IntegerRule<int>(1, 1), s => s.Version, (s, v) => s with { Version = v }),
        Key<JobSpec>.WithoutDefault(
            "name", "Name of the job; left out: the file's name.",
            TextRule.Name(), s => s.Name, (s, v) => s with { Name = v }),
        Key<JobSpec>.Of(
            "seed", "Seed of everything random in the job.",
            new IntegerRule<long>(0, long.MaxValue), s => s.Seed, (s, v) => s with { Seed = v }),
        Key<JobSpec>.Needed("data", "The data.", Data, s => s.Data, (s, v) => s with { Data = v }),
        Key<JobSpec>.Of("split", "How rows are split into parts.", Split, s => s.Split, (s, v) => s with { Split = v }),
        Key<JobSpec>.Of(
            "preprocess", "Preprocessing, fitted on training rows only.",
            Preprocess, s => s.Preprocess, (s, v) => s with { Preprocess = v }),
        Key<JobSpec>.Of("model", "The network.", Model, s => s.Model, (s, v) => s with { Model = v }),
        Key<JobSpec>.Of(
            "loss", "The loss; auto: from the output unit.",
            new LossRule(), s => s.Loss, (s, v) => s with { Loss = v }),
        Key<JobSpec>.Of(
            "optimizer", "The optimizer.",
            OptimizerSchema.Optimizer, s => s.Optimizer, (s, v) => s with { Optimizer = v }),
        Key<JobSpec>.Of(
            "schedule", "The learning rate over time.",
            OptimizerSchema.Schedule, s => s.Schedule, (s, v) => s with { Schedule = v }),
        Key<JobSpec>.Of(
            "training", "Epochs, batch size, order.", Training, s => s.Training, (s, v) => s with { Training = v }),
        Key<JobSpec>.Of(
            "precision", "Arithmetic.",
            Words("fp32").Later("tf32", "bf16"), s => s.Precision, (s, v) => s with { Precision = v }),
        Key<JobSpec>.Of(
            "device", "Where gradients are computed.",
            Words("cpu").Later("gpu"), s => s.Device, (s, v) => s with { Device = v }),
        Key<JobSpec>.Of(
            "distributed", "How the job is spread over the cluster.",
            Distributed, s => s.Distributed, (s, v) => s with { Distributed = v }),
        Key<JobSpec>.Of(
            "early_stopping", "When to stop before the last epoch; null: never.",
            EarlyStopping.OrNothing(), s => s.EarlyStopping, (s, v) => s with { EarlyStopping = v }),
        Key<JobSpec>.Of(
            "checkpoint", "Checkpoints.", Checkpoint, s => s.Checkpoint, (s, v) => s with { Checkpoint = v }),
        Key<JobSpec>.Of(
            "on_non_finite", "What a NaN or an infinite value does.",
            Words("fail", "skip"), s => s.OnNonFinite, (s, v) => s with { OnNonFinite = v }),
        Key<JobSpec>.Of("telemetry", "Traces.", Telemetry, s => s.Telemetry, (s, v) => s with { Telemetry = v }),
        Key<JobSpec>.Elsewhere(
            "sweep", "Hyper-parameter search: makes the file a sweep file.", "run it with 'trainer sweep FILE'"));

    /// <summary>Paths of all keys.</summary>
    public static readonly ImmutableArray<string> Paths = [.. Root.Paths];

    private static ChoiceRule<T> Names<T>((string Name, T Value)[] names) => new(names);

    private static ChoiceRule<string> Words(params string[] words) => new([.. words.Select(word => (word, word))]);

    private static ListRule<string> Columns(bool one = false, bool orNull = false) =>
        new(TextRule.Any("a column's name"), one ? "a column or a list of columns" : "a list of columns")
        {
            OneWithoutBrackets = one,
            NullIsEmpty = orNull,
            Unique = true,
        };
}
