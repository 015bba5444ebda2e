using BenchmarkDotNet.Attributes;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Benchmarks;

/// <summary>
/// 128 rows in random order of 16 MB of floats or 4 MB of bytes, straight into the panels of a network, against copies
/// of whole rows.
/// </summary>
public class GatherBenchmarks
{
    private const int Rows = 128;
    private const int Batches = 40;
    private const int Features = 784;

    private readonly float[] _features = RandomData.Vector(Rows * Batches * Features, 1);
    private readonly byte[] _bytes = new byte[Rows * Batches * Features];
    private readonly double[] _offsets = [.. Enumerable.Repeat(72.9, Features)];
    private readonly double[] _scales = [.. Enumerable.Repeat(90.1, Features)];
    private readonly float[] _copy = new float[Rows * Features];
    private readonly int[] _order = [.. Enumerable.Range(0, Rows * Batches)];
    private readonly Mlp _network = new(
        new MlpArchitecture(Features, [32], Activation.Relu, 10, OutputUnit.Softmax, LossFunction.CrossEntropy),
        SerialTeam.Instance,
        Rows);

    private RowSet? _rows;
    private int _batch;

    [GlobalSetup]
    public void SetUp()
    {
        new SeededRandom(1, RandomStream.Generator).Shuffle(_order.AsSpan(), 0);
        _network.Begin(Rows);
        _rows = new RowSet(Rows * Batches, Features, 1, _features, new float[Rows * Batches]);
        for (int i = 0; i < _bytes.Length; i++)
        {
            _bytes[i] = (byte)i;
        }
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
            _rows!.Gather(batch[row], _network.Inputs(row), _network.Stride);
            _network.SetRow(row, _rows.TargetsOf(batch[row]), _rows.WeightOf(batch[row]));
        }
    }

    [Benchmark]
    public void GatherBytesIntoPanels()
    {
        ReadOnlySpan<int> batch = NextBatch();
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<byte> pixels = _bytes.AsSpan(batch[row] * Features, Features);
            ByteKernels.Scale(pixels, _offsets, _scales, _network.Inputs(row), _network.Stride);
        }
    }

    private ReadOnlySpan<int> NextBatch()
    {
        _batch = (_batch + 1) % Batches;
        return _order.AsSpan(_batch * Rows, Rows);
    }
}
