using System.Collections.Immutable;
using System.Text.Json;

using CsCheck;

using Trainer.Losses;
using Trainer.Models;
using Trainer.Preprocessing;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobFileRoundTripTests
{
    private const string Strange = "aZ09 _.-/:#'\"\\,[]{}&*!|>%@`~\t\n\r\u0085\u2028\u00e4\u4e2d\U0001F600null";

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char.AlphaNumeric.Array[1, 8].Select(letters => new string(letters)),
        OneOf("null", "~", "true", "False", "12", "1e3", "0x1F", ".inf", "auto", "full", "yes", "a b", " a", "a ", "-"),
        Gen.Int[0, Strange.Length - 1].Array[1, 12].Select(places => string.Concat(places.Select(Character))));

    private static readonly Gen<double> Fraction = Gen.Double[0.001, 0.999];

    private static readonly Gen<ImmutableArray<string>> Names =
        Text.Array[0, 4].Select(names => names.Distinct().ToImmutableArray());

    private static readonly Gen<OptimizerSpec> Optimizer = Gen.OneOf(
        Gen.Select(Fraction, Fraction, Fraction, Gen.Bool, Fraction.Nullable()).Select(
            (rate, momentum, decay, biases, norm) => (OptimizerSpec)new SgdSpec
            {
                LearningRate = rate,
                Momentum = momentum,
                WeightDecay = decay,
                DecayBiases = biases,
                ClipNorm = norm,
            }),
        Gen.Select(Fraction, Fraction, OneOf(1e-8, 1e-30, 1e20)).Select((rate, beta, epsilon) =>
            (OptimizerSpec)new AdamSpec { LearningRate = rate, Beta1 = beta, Beta2 = beta / 3, Epsilon = epsilon }));

    private static readonly Gen<DataSpec> Data =
        Gen.Select(Text, OneOf("auto", "csv"), Names, Names, Names, Names).Select(
            (source, format, target, include, exclude, columns) => new DataSpec
            {
                Source = source,
                Format = format,
                Target = target,
                Features = new FeaturesSpec { Include = include, Exclude = exclude },
                Columns = columns,
                Weights = columns.IsEmpty ? null : columns[0],
            });

    private static readonly Gen<ModelSpec> Model = Gen.Select(
        Gen.Int[1, int.MaxValue].Array[0, 4],
        Gen.Enum<Activation>(),
        Gen.Enum<OutputUnit>().Nullable(),
        Gen.Enum<WeightInitialization>().Nullable(),
        Fraction).Select((hidden, activation, output, init, threshold) => new ModelSpec
        {
            Hidden = [.. hidden],
            Activation = activation,
            Output = output,
            Init = init,
            Threshold = threshold,
        });

    private static readonly Gen<TrainingSpec> Training = Gen.Select(
        Gen.Int[1, int.MaxValue],
        Gen.Long[1, long.MaxValue].Nullable(),
        Gen.Int[1024, 4096].Nullable(),
        Gen.Bool).Select(
        (epochs, steps, batch, shuffle) => new TrainingSpec
        {
            Epochs = epochs,
            MaxSteps = steps,
            BatchSize = batch,
            Shuffle = shuffle,
        });

    private static readonly Gen<JobSpec> Jobs = Gen.Select(
        Data,
        Model,
        Optimizer,
        Training,
        Gen.Long[0, long.MaxValue],
        Gen.Int[0, 10],
        Gen.Bool,
        Gen.Double[0, 0.5]).Select(
        (data, model, optimizer, training, seed, power, flag, part) => new JobSpec
        {
            Name = $"job-{power}",
            Seed = seed,
            Data = data,
            Model = model,
            Optimizer = optimizer,
            Training = training,
            Split = power == 10
                ? new SplitSpec { Stratify = flag, Folds = flag ? new FoldsSpec(5) : new FoldsSpec(0, "folds.csv") }
                : new SplitSpec
                {
                    Train = 1 - part,
                    Validation = flag ? part : 0,
                    Test = flag ? 0 : part,
                    Stratify = flag,
                },
            Preprocess = new PreprocessSpec { Numeric = (NumericScaling)(power % 3) },
            Loss = flag ? null : new LossSpec
            {
                Name = (LossFunction)(power % 4),
                LabelSmoothing = power % 2 == 0 ? 0 : part,
                ClassWeights = (power % 3) switch
                {
                    0 => null,
                    1 => new ClassWeightsSpec([]),
                    _ => new ClassWeightsSpec([new ClassWeight("1", part), new ClassWeight("a: b", 2)]),
                },
                PositiveWeight = power > 3 ? part + 1.5 : null,
            },
            Distributed = new DistributedSpec
            {
                LogicalShards = flag ? null : 1 << power,
                Workers = power == 0 ? 1 : null,
            },
            EarlyStopping = flag ? null : new EarlyStoppingSpec { Patience = power + 1, Metric = "validation.auc" },
            Checkpoint = new CheckpointSpec
            {
                EverySeconds = flag ? null : part + 1,
                EverySteps = flag ? (seed / 2) + 1 : null,
            },
            Telemetry = new TelemetrySpec { Console = flag, Otlp = flag ? "http://127.0.0.1:4318" : null },
        });

    [Fact]
    public void Parse_WhatToYamlWrote_IsTheSameJob() =>
        Jobs.Sample(job => Same(job, JobFile.Parse(JobFile.ToYaml(job), "job")), iter: 1000);

    [Fact]
    public void Parse_WhatToJsonWrote_IsTheSameJob() =>
        Jobs.Sample(job => Same(job, JobFile.Parse(JobFile.ToJson(job), "job")), iter: 1000);

    [Fact]
    public void ToYaml_Defaults_AreInTheOrderOfTheDocumentation()
    {
        JobSpec job = JobFile.Parse("data: {source: heart}", "job.yaml");

        string yaml = JobFile.ToYaml(job);

        Assert.Equal(
            """
            version: 1
            name: job
            seed: 42
            data:
              source: heart
              format: auto
              target: null
              features:
                include: []
                exclude: []
              columns: null
              weights: null
            split:
              train: 0.7
              validation: 0.15
              test: 0.15
              stratify: true
              test_source: null
              test_target: null
              folds: null
            preprocess:
              numeric: standardize
              categorical: one_hot
              missing:
                numeric: median
                categorical: mode
                indicator: false
              polynomial:
                degree: 1
                interactions: false
            model:
              hidden: [16]
              activation: relu
              output: auto
              init: auto
              dropout: 0
              threshold: 0.5
              initial_weights: null
            loss: auto
            optimizer:
              name: adam
              learning_rate: 0.001
              beta1: 0.9
              beta2: 0.999
              epsilon: 1e-8
              amsgrad: false
              weight_decay: 0
              decay_biases: true
              clip_norm: null
            schedule:
              name: constant
              warmup_steps: 0
            training:
              epochs: 20
              max_steps: null
              batch_size: 32
              shuffle: true
            precision: fp32
            device: cpu
            distributed:
              mode: synchronous
              workers: auto
              logical_shards: auto
              compression: none
            early_stopping:
              metric: validation.loss
              patience: 10
              restore_best: true
            checkpoint:
              every_seconds: 5
              every_steps: null
              keep: 3
            on_non_finite: fail
            telemetry:
              console: false
              otlp: null
              gradient_spans: sampled

            """,
            yaml);
    }

    // Not through ToJson, which could lose a property both ways.
    private static bool Same(JobSpec expected, JobSpec actual) =>
        JsonSerializer.Serialize(expected) == JsonSerializer.Serialize(actual);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // Whole characters: half a surrogate pair is no text.
    private static string Character(int place) =>
        char.IsSurrogate(Strange[place]) ? "\U0001F600" : Strange[place].ToString();
}
