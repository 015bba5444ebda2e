using BenchmarkDotNet.Attributes;

using Trainer.Models;

namespace Trainer.Benchmarks;

/// <summary>Hidden units of 128 rows x 512, forward and derivative, against the float64 reference.</summary>
public class ActivationBenchmarks
{
    private const int Length = 128 * 512;

    private readonly float[] _z = RandomData.Vector(Length, 1);
    private readonly float[] _a = new float[Length];
    private readonly float[] _d = RandomData.Vector(Length, 2);
    private float[] _source = [];

    [Params(Activation.Relu, Activation.Sigmoid, Activation.Tanh, Activation.Gelu)]
    public Activation Function { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        Forward();
        _source = ActivationPass.KeepsInput(Function) ? _z : _a;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("forward")]
    public void ReferenceForward()
    {
        for (int i = 0; i < Length; i++)
        {
            _a[i] = (float)ReferenceActivation.Value(Function, _z[i]);
        }
    }

    [Benchmark, BenchmarkCategory("forward")]
    public void Forward() => ActivationPass.Forward(Function, _z, _a);

    [Benchmark(Baseline = true), BenchmarkCategory("derivative")]
    public void ReferenceDerivative()
    {
        for (int i = 0; i < Length; i++)
        {
            _d[i] = (float)(_d[i] * ReferenceActivation.Derivative(Function, _z[i]));
        }
    }

    [Benchmark, BenchmarkCategory("derivative")]
    public void Derivative() => ActivationPass.Backward(Function, _source, _d);
}
