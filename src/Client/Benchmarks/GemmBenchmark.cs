using Trainer.Kernels;

namespace Trainer.Benchmarks;

/// <summary>The three products of one layer.</summary>
/// <param name="Shape">Rows, inputs, outputs.</param>
/// <param name="Forward">The logits.</param>
/// <param name="InputGradient">The deltas of the layer below.</param>
/// <param name="WeightGradient">The gradient of weights and biases over one shard.</param>
internal sealed record GemmFigure(DenseShape Shape, Timing Forward, Timing InputGradient, Timing WeightGradient)
{
    /// <summary>Floating-point operations of each product.</summary>
    public double Operations => 2.0 * Shape.Rows * Shape.Inputs * Shape.Outputs;
}

/// <summary>Measures the products of dense layers on one thread.</summary>
internal static class GemmBenchmark
{
    /// <summary>Small, usual and large batches and layers, and the narrow last layer of a classifier.</summary>
    public static IReadOnlyList<DenseShape> Shapes { get; } =
    [
        new(32, 784, 512), new(128, 784, 512), new(256, 784, 512), new(1024, 784, 512), new(128, 512, 512),
        new(256, 2048, 2048), new(128, 512, 10),
    ];

    /// <summary>Measures one shape.</summary>
    /// <param name="shape">Rows, inputs, outputs.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public static GemmFigure Run(DenseShape shape, BenchClock clock, CancellationToken cancellationToken)
    {
        (int rows, int inputs, int outputs) = shape;
        // Memory as a network has it: the figures depend on where a cache line begins.
        Memory<float> x = RandomPanels(rows, inputs, 1);
        Memory<float> weights = RandomPanels(inputs, outputs, 2);
        Memory<float> bias = RandomPanels(1, outputs, 3);
        Memory<float> d = RandomPanels(rows, outputs, 4);
        Memory<float> z = AlignedMemory.Allocate(d.Length);
        Memory<float> dx = AlignedMemory.Allocate(x.Length);
        Memory<float> dw = AlignedMemory.Allocate(weights.Length);
        Memory<float> db = AlignedMemory.Allocate(bias.Length);
        Memory<float> transposed = AlignedMemory.Allocate(TransposedDeltas.Length(rows, outputs));
        bool transposes = TransposedDeltas.Pays(shape);
        return new GemmFigure(
            shape,
            Measure(outputs, panel =>
                DenseKernels.Forward(x.Span, weights.Span, bias.Span, z.Span, shape, panel, 0, rows)),
            Measure(inputs, InputGradient),
            Measure(outputs, panel =>
                DenseKernels.WeightGradient(x.Span, d.Span, dw.Span, db.Span, shape, panel, 0, rows)));

        void InputGradient(int panel)
        {
            if (!transposes)
            {
                DenseKernels.InputGradient(d.Span, weights.Span, dx.Span, shape, panel, 0, rows);
                return;
            }

            for (int outputPanel = 0; panel == 0 && outputPanel < Panels.Count(outputs); outputPanel++)
            {
                TransposedDeltas.Fill(d.Span, transposed.Span, shape, outputPanel, 0, rows);
            }

            TransposedDeltas.InputGradient(transposed.Span, weights.Span, dx.Span, shape, panel, 0, rows);
        }

        Timing Measure(int columns, Action<int> product) => clock.Measure(
            () =>
            {
                for (int panel = 0; panel < Panels.Count(columns); panel++)
                {
                    product(panel);
                }
            },
            cancellationToken);
    }

    // Padding lanes stay +0.
    private static Memory<float> RandomPanels(int rows, int columns, ulong seed)
    {
        var random = new SeededRandom(seed, RandomStream.Generator);
        Memory<float> memory = AlignedMemory.Allocate(Panels.Length(rows, columns));
        Span<float> panels = memory.Span;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                panels[Panels.Index(rows, row, column)] = random.Uniform((ulong)row, (ulong)column) - 0.5f;
            }
        }

        return memory;
    }
}
