using System.Globalization;

using BenchmarkDotNet.Attributes;

using Trainer.Kernels;

namespace Trainer.Benchmarks;

/// <summary>The three products of a dense layer against plain scalar loops.</summary>
public class GemmBenchmarks
{
    private float[] _x = [];
    private float[] _weights = [];
    private float[] _bias = [];
    private float[] _d = [];
    private float[] _z = [];
    private float[] _dx = [];
    private float[] _dw = [];
    private float[] _db = [];
    private float[] _panelX = [];
    private float[] _panelWeights = [];
    private float[] _panelBias = [];
    private float[] _panelD = [];
    private float[] _panelZ = [];
    private float[] _panelDx = [];
    private float[] _panelDw = [];
    private float[] _panelDb = [];

    private DenseShape _shape;

    /// <summary>Rows x inputs x outputs.</summary>
    [Params("32x784x512", "128x784x512", "128x512x10")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        int[] sizes = [.. Shape.Split('x').Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        (int rows, int inputs, int outputs) = _shape = new DenseShape(sizes[0], sizes[1], sizes[2]);
        (_x, _panelX) = Matrix(rows, inputs, 1);
        (_weights, _) = Matrix(outputs, inputs, 2);
        (_bias, _panelBias) = Matrix(1, outputs, 3);
        (_d, _panelD) = Matrix(rows, outputs, 4);
        _panelWeights = RandomData.ToPanels(_weights, inputs, outputs);
        (_z, _panelZ) = (new float[_d.Length], new float[_panelD.Length]);
        (_dx, _panelDx) = (new float[_x.Length], new float[_panelX.Length]);
        (_dw, _panelDw) = (new float[_weights.Length], new float[_panelWeights.Length]);
        (_db, _panelDb) = (new float[_bias.Length], new float[_panelBias.Length]);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("forward")]
    public void ScalarForward() =>
        ScalarGemm.Forward(_x, _weights, _bias, _z, _shape.Rows, _shape.Inputs, _shape.Outputs);

    [Benchmark, BenchmarkCategory("forward")]
    public void Forward()
    {
        for (int panel = 0; panel < Panels.Count(_shape.Outputs); panel++)
        {
            DenseKernels.Forward(_panelX, _panelWeights, _panelBias, _panelZ, _shape, panel, 0, _shape.Rows);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("input gradient")]
    public void ScalarInputGradient() =>
        ScalarGemm.InputGradient(_d, _weights, _dx, _shape.Rows, _shape.Inputs, _shape.Outputs);

    [Benchmark, BenchmarkCategory("input gradient")]
    public void InputGradient()
    {
        for (int panel = 0; panel < Panels.Count(_shape.Inputs); panel++)
        {
            DenseKernels.InputGradient(_panelD, _panelWeights, _panelDx, _shape, panel, 0, _shape.Rows);
        }
    }

    [Benchmark(Baseline = true), BenchmarkCategory("weight gradient")]
    public void ScalarWeightGradient() =>
        ScalarGemm.WeightGradient(_x, _d, _dw, _db, _shape.Rows, _shape.Inputs, _shape.Outputs);

    [Benchmark, BenchmarkCategory("weight gradient")]
    public void WeightGradient()
    {
        for (int panel = 0; panel < Panels.Count(_shape.Outputs); panel++)
        {
            DenseKernels.WeightGradient(_panelX, _panelD, _panelDw, _panelDb, _shape, panel, 0, _shape.Rows);
        }
    }

    private static (float[] Matrix, float[] Panels) Matrix(int rows, int columns, ulong seed)
    {
        float[] matrix = RandomData.Vector(rows * columns, seed);
        return (matrix, RandomData.ToPanels(matrix, rows, columns));
    }
}
