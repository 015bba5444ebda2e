using BenchmarkDotNet.Attributes;

using Trainer.Optimizers;

namespace Trainer.Benchmarks;

/// <summary>One update of the parameters of a layer 784 x 512, against the float64 reference.</summary>
public class OptimizerBenchmarks
{
    private const int Length = 784 * 512;
    private const float LearningRate = 1e-6f;

    private static readonly Dictionary<string, OptimizerSettings> Settings = new()
    {
        ["sgd"] = new SgdSettings(0.9, 0),
        ["adam"] = new AdamSettings(0.9, 0.999, 1e-8, 0),
        ["adamw"] = new AdamSettings(0.9, 0.999, 1e-8, 0.01, AdamVariant.AdamW),
        ["rmsprop"] = new RmsPropSettings(0.99, 1e-8, 0),
    };

    private readonly float[] _weights = RandomData.Vector(Length, 1);
    private readonly float[] _gradient = RandomData.Vector(Length, 2);
    private readonly double[] _referenceWeights = new double[Length];
    private readonly double[] _referenceGradient = [.. RandomData.Vector(Length, 2).Select(value => (double)value)];
    private IOptimizer _optimizer = Settings["sgd"].Create(Length);
    private ReferenceOptimizer _reference = new(Settings["sgd"], Length);

    public static IEnumerable<string> Names => Settings.Keys;

    [ParamsSource(nameof(Names))]
    public string Optimizer { get; set; } = "sgd";

    [GlobalSetup]
    public void SetUp()
    {
        _optimizer = Settings[Optimizer].Create(Length);
        _reference = new ReferenceOptimizer(Settings[Optimizer], Length);
    }

    [Benchmark(Baseline = true)]
    public void Reference() => _reference.Step(_referenceWeights, _referenceGradient, LearningRate);

    [Benchmark]
    public bool Step() => _optimizer.Step(_weights, _gradient, LearningRate);
}
