using Trainer.Kernels;

namespace Trainer.Models;

/// <summary>The input gradients of a network's layers, each in the faster of two ways with the same bits.</summary>
internal sealed class DeltaProduct
{
    private readonly Memory<float> _transposed;

    /// <summary>Memory for the widest layer that passes deltas on.</summary>
    /// <param name="layout">The network's layers.</param>
    /// <param name="capacity">Most rows of a block.</param>
    public DeltaProduct(ParameterLayout layout, int capacity)
    {
        int length = 0;
        foreach (LayerLayout layer in layout.Layers.AsSpan()[1..])
        {
            length = Math.Max(length, TransposedDeltas.Length(capacity, layer.Outputs));
        }

        _transposed = AlignedMemory.Allocate(length);
    }

    /// <summary>
    /// Starts the product of a layer. One of a single output panel can go without: moving its few weights is always
    /// the faster.
    /// </summary>
    /// <param name="d">Its deltas in panels, complete.</param>
    /// <param name="shape">Its rows, inputs and outputs.</param>
    public void Begin(ReadOnlySpan<float> d, DenseShape shape)
    {
        if (!TransposedDeltas.Pays(shape))
        {
            return;
        }

        for (int panel = 0; panel < Panels.Count(shape.Outputs); panel++)
        {
            TransposedDeltas.Fill(d, _transposed.Span, shape, panel, 0, shape.Rows);
        }
    }

    /// <summary>Input gradient of one input panel, for a range of rows that begins at a multiple of 32.</summary>
    /// <param name="d">The layer's deltas in panels.</param>
    /// <param name="weights">The layer's weights in panels.</param>
    /// <param name="dx">Result in panels.</param>
    /// <param name="shape">The layer's rows, inputs and outputs.</param>
    /// <param name="panel">The input panel.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rowCount">Rows.</param>
    public void InputGradient(
        ReadOnlySpan<float> d,
        ReadOnlySpan<float> weights,
        Span<float> dx,
        DenseShape shape,
        int panel,
        int firstRow,
        int rowCount)
    {
        if (TransposedDeltas.Pays(shape))
        {
            TransposedDeltas.InputGradient(_transposed.Span, weights, dx, shape, panel, firstRow, rowCount);
        }
        else
        {
            DenseKernels.InputGradient(d, weights, dx, shape, panel, firstRow, rowCount);
        }
    }
}
