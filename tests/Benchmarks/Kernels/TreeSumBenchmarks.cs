using BenchmarkDotNet.Attributes;

using Trainer.Kernels;

namespace Trainer.Benchmarks;

/// <summary>The sum of the gradients of 8 workers in tree order, against a scalar loop in the same order.</summary>
public class TreeSumBenchmarks
{
    private const int Count = 8;

    private float[][] _gradients = [];

    [Params(13 * 64, 784 * 512)]
    public int Length { get; set; }

    [GlobalSetup]
    public void SetUp() => _gradients = [.. Enumerable.Range(0, Count).Select(_ => new float[Length])];

    [Benchmark(Baseline = true)]
    public void ScalarSum() => Reduce(AddScalar);

    [Benchmark]
    public void TreeSum() => Reduce(AddVector);

    private static void AddScalar(float[] left, float[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            left[i] += right[i];
        }
    }

    private static void AddVector(float[] left, float[] right) => ElementwiseKernels.Add(left, right);

    private void Reduce(Action<float[], float[]> add)
    {
        for (int distance = 1; distance < Count; distance *= 2)
        {
            for (int left = 0; left < Count; left += 2 * distance)
            {
                add(_gradients[left], _gradients[left + distance]);
            }
        }
    }
}
