using BenchmarkDotNet.Attributes;

using Trainer.Kernels;
using Trainer.Losses;

namespace Trainer.Benchmarks;

/// <summary>Softmax, cross-entropy and its gradient of 128 rows, against the float64 reference.</summary>
public class SoftmaxBenchmarks
{
    private const int Rows = 128;

    private readonly float[] _losses = new float[Rows];
    private double[] _logits = [];
    private double[] _gradient = [];
    private float[] _classes = [];
    private float[] _z = [];
    private float[] _d = [];

    [Params(10, 1000)]
    public int Classes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        float[] logits = RandomData.Vector(Rows * Classes, 1);
        _logits = [.. logits.Select(logit => (double)logit)];
        _gradient = new double[_logits.Length];
        _classes = [.. RandomData.Vector(Rows, 2).Select(value => MathF.Floor((value + 0.5f) * Classes))];
        _z = RandomData.ToPanels(logits, Rows, Classes);
        _d = new float[_z.Length];
    }

    [Benchmark(Baseline = true)]
    public double Reference()
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            sum += ReferenceLoss.Row(
                LossFunction.CrossEntropy,
                _logits.AsSpan(row * Classes, Classes),
                [_classes[row]],
                _gradient.AsSpan(row * Classes, Classes));
        }

        return sum;
    }

    [Benchmark]
    public void SoftmaxCrossEntropy() =>
        OutputKernels.SoftmaxCrossEntropy(_z, _classes, _d, _losses, Rows, Classes, 0, Rows);
}
