using BenchmarkDotNet.Attributes;

using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Benchmarks;

/// <summary>
/// 128 rows in random order of 16 MB of them, straight into the panels of a network, against copies of whole rows.
/// </summary>
public class GatherBenchmarks
{
    private const int Rows = 128;
    private const int Batches = 40;
    private const int Features = 784;

    private readonly float[] _features = RandomData.Vector(Rows * Batches * Features, 1);
    private readonly float[] _targets = new float[Rows * Batches];
    private readonly float[] _copy = new float[Rows * Features];
    private readonly int[] _order = [.. Enumerable.Range(0, Rows * Batches)];
    private readonly Mlp _network = new(
        new MlpArchitecture(Features, [32], Activation.Relu, 10, OutputUnit.Softmax, LossFunction.CrossEntropy),
        SerialTeam.Instance,
        Rows);

    private int _batch;

    [GlobalSetup]
    public void SetUp()
    {
        new SeededRandom(1, RandomStream.Generator).Shuffle(_order.AsSpan(), 0);
        _network.Begin(Rows);
    }

    [Benchmark(Baseline = true)]
    public void CopyRows()
    {
        ReadOnlySpan<int> batch = NextBatch();
        for (int row = 0; row < Rows; row++)
        {
            _features.AsSpan(batch[row] * Features, Features).CopyTo(_copy.AsSpan(row * Features));
        }
    }

    [Benchmark]
    public void GatherIntoPanels()
    {
        ReadOnlySpan<int> batch = NextBatch();
        for (int row = 0; row < Rows; row++)
        {
            int index = batch[row];
            _network.SetRow(row, _features.AsSpan(index * Features, Features), _targets.AsSpan(index, 1));
        }
    }

    private ReadOnlySpan<int> NextBatch()
    {
        _batch = (_batch + 1) % Batches;
        return _order.AsSpan(_batch * Rows, Rows);
    }
}
