using CsCheck;

using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>A small job: network, rows, shards, optimizer.</summary>
internal sealed record TestProblem(
    MlpArchitecture Architecture,
    WeightInitialization Initialization,
    OptimizerSettings Optimizer,
    LogicalShards Shards,
    RowSet Rows,
    ulong Seed,
    TrainingObjective Objective)
{
    private const int MostClasses = 35;

    private static readonly OptimizerSettings[] Optimizers =
    [
        new SgdSettings(0, 0),
        new SgdSettings(0.9, 0),
        new SgdSettings(0.9, 0, Nesterov: true),
        new AdamSettings(0.8, 0.99, 1e-6, 0),
        .. Enum.GetValues<AdamVariant>().Select(variant => new AdamSettings(0.9, 0.999, 1e-8, 0, variant)),
        new RmsPropSettings(0.99, 1e-8, 0),
        new AdagradSettings(1e-10, 0),
        new AdadeltaSettings(0.9, 1e-6, 0),
    ];

    // No clipping; all steps clipped, some, none.
    private static readonly double?[] Norms = [null, 1e-3, 0.5, 1e6];

    private static Gen<OptimizerSettings> AnyOptimizer { get; } =
        from optimizer in Gen.Int[0, Optimizers.Length - 1].Select(i => Optimizers[i])
        from decay in Gen.OneOf(Gen.Const(0.0), Gen.Double[0.001, 0.1])
        from biases in Gen.Bool
        from norm in Gen.Int[0, Norms.Length - 1].Select(i => Norms[i])
        select optimizer with { WeightDecay = decay, DecayBiases = biases, ClipNorm = norm };

    private static Gen<TrainingObjective> AnyObjective { get; } =
        from dropout in Gen.OneOf(Gen.Const(0.0), Gen.Double[0.05, 0.9])
        from smoothing in Gen.OneOf(Gen.Const(0.0), Gen.Double[0.01, 0.9])
        from positive in Gen.OneOf(Gen.Const(1f), Gen.Float[0.1f, 5f])
        from weighted in Gen.Bool
        from weights in Gen.OneOf(Gen.Const(0f), Gen.Float[0.1f, 5f]).Array[MostClasses]
        select new TrainingObjective
        {
            Dropout = dropout,
            LabelSmoothing = smoothing,
            PositiveWeight = positive,
            ClassWeights = weighted ? [.. weights] : [],
        };

    /// <summary>Random jobs; widths around one and two panels, short last batches, 1 to 16 shards.</summary>
    public static Gen<TestProblem> Any { get; } =
        from seed in Gen.ULong
        from inputs in Gen.Int[1, 40]
        from hidden in Gen.Int[1, 40].Array[0, 2]
        from activation in Gen.Enum<Activation>()
        from unit in Gen.Enum<OutputUnit>()
        from perceptron in Gen.Int[0, 3].Select(i => i == 0)
        from outputs in Gen.Int[2, MostClasses]
        from levels in Gen.Int[0, 4]
        from rowsOfShard in Gen.Int[1, 5]
        from rest in Gen.Int[0, 15]
        from more in Gen.Int[0, 60]
        from shuffle in Gen.Bool
        from objective in AnyObjective
        from optimizer in AnyOptimizer
        from weighted in Gen.Bool
        let batch = (rowsOfShard << levels) + (rest % (1 << levels))
        select Create(
            Network(inputs, hidden, activation, unit, outputs, perceptron),
            optimizer,
            batch + more,
            batch,
            1 << levels,
            seed,
            shuffle,
            objective,
            weighted);

    // What of an objective goes with a network.
    private static TrainingObjective Fit(TrainingObjective objective, MlpArchitecture network) => objective with
    {
        LabelSmoothing = network.Loss == LossFunction.CrossEntropy ? objective.LabelSmoothing : 0,
        PositiveWeight = network.Loss == LossFunction.BinaryCrossEntropy ? objective.PositiveWeight : 1f,
        ClassWeights = network.OutputUnit == OutputUnit.Linear
            ? []
            : [.. objective.ClassWeights.Take(network.OutputUnit == OutputUnit.Sigmoid ? 2 : network.Outputs)],
    };

    public static MlpArchitecture Network(
        int inputs,
        int[] hidden,
        Activation activation,
        OutputUnit unit,
        int outputs,
        bool perceptron = false) => unit switch
        {
            OutputUnit.Linear => new(inputs, [.. hidden], activation, outputs, unit, LossFunction.MeanSquaredError),
            OutputUnit.Sigmoid when perceptron =>
                new(inputs, [.. hidden], activation, 1, unit, LossFunction.Perceptron),
            OutputUnit.Sigmoid => new(inputs, [.. hidden], activation, 1, unit, LossFunction.BinaryCrossEntropy),
            _ => new(inputs, [.. hidden], activation, outputs, unit, LossFunction.CrossEntropy),
        };

    public static TestProblem Create(
        MlpArchitecture network,
        OptimizerSettings optimizer,
        int rows,
        int batch,
        int shards,
        ulong seed,
        bool shuffle = true,
        TrainingObjective? objective = null,
        bool weighted = false) => new(
            network,
            WeightInitialization.PyTorch,
            optimizer,
            new LogicalShards(rows, batch, shards, seed, shuffle),
            RandomRows(network, rows, seed).Weighted(weighted ? RandomWeights(rows, seed) : []),
            seed,
            Fit(objective ?? TrainingObjective.Plain, network));

    public static RowSet RandomRows(MlpArchitecture network, int count, ulong seed)
    {
        var random = new SeededRandom(seed, RandomStream.Generator);
        int width = Mlp.TargetWidth(network);
        float[] features = new float[count * network.Inputs];
        float[] targets = new float[count * width];
        for (int i = 0; i < features.Length; i++)
        {
            // Some zeros, as real data have: no product may be skipped.
            float value = (random.Uniform(0, (ulong)i) * 4f) - 2f;
            features[i] = value > 1.5f ? 0f : value;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            float u = random.Uniform(1, (ulong)i);
            targets[i] = network.OutputUnit switch
            {
                OutputUnit.Linear => u - 0.5f,
                OutputUnit.Sigmoid => u < 0.4f ? 1f : 0f,
                _ => (int)(u * network.Outputs),
            };
        }

        return new RowSet(count, network.Inputs, width, features, targets);
    }

    // Some rows weigh nothing.
    public static float[] RandomWeights(int count, ulong seed)
    {
        var random = new SeededRandom(seed, RandomStream.Generator);
        return [.. Enumerable.Range(0, count).Select(i => Math.Max(0, (random.Uniform(2, (ulong)i) * 4f) - 0.5f))];
    }

    public TrainingLoop Loop() => new(Architecture, Initialization, Optimizer, Shards, Rows, Seed, Objective);

    /// <summary>The job without its rows.</summary>
    public TrainingSetup Setup => new(Architecture, Objective, Initialization, Optimizer, Shards, Seed);

    /// <summary>Weights drawn with seed 1.</summary>
    public float[] DrawnWeights()
    {
        var layout = new ParameterLayout(Architecture);
        float[] weights = new float[layout.Length];
        WeightInitializer.Fill(layout, Initialization, 1, new ParameterRange(0, layout.Length), weights);
        return weights;
    }

    /// <summary>The rows of some shards, as a worker holds them.</summary>
    public Dictionary<int, RowSet> RowsOf(IEnumerable<int> shards) =>
        shards.ToDictionary(shard => shard, shard => Rows.Select(Shards.RowsOf(shard)));

    /// <summary>For each shard the training rows of its batch, in order.</summary>
    public int[][] Batch(int epoch, int step) =>
    [
        .. Enumerable.Range(0, Shards.Count).Select(shard =>
        {
            int[] local = new int[Shards.RowsInStep(step, shard)];
            Shards.Sample(epoch, step, shard, local);
            int[] owned = Shards.RowsOf(shard);
            return local.Select(i => owned[i]).ToArray();
        }),
    ];
}
