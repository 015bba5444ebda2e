using System.Collections.Immutable;

using Trainer.Kernels;

namespace Trainer.Models;

/// <summary>Where each layer's weights and biases lie in the one flat vector of parameters, in panel order.</summary>
/// <remarks>
/// Order: weights of layer 0, biases of layer 0, weights of layer 1, ... Padding lanes are part of the vector and hold
/// +0.
/// </remarks>
public sealed class ParameterLayout
{
    /// <summary>
    /// Elements of a block: the unit of partitions and of the gradient norm. The last block of a tensor may be short.
    /// </summary>
    public const int BlockLength = 1024;

    // First element of each block, and last the length of the vector.
    private readonly int[] _blocks;

    /// <summary>The layout of a network's parameters.</summary>
    /// <param name="architecture">The network.</param>
    /// <exception cref="ArgumentException">A width is below 1, or the vector would not fit into one array.</exception>
    public ParameterLayout(MlpArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        int[] widths = [architecture.Inputs, .. architecture.Hidden, architecture.Outputs];
        RequireWidths(widths);

        ImmutableArray<LayerLayout>.Builder layers = ImmutableArray.CreateBuilder<LayerLayout>(widths.Length - 1);
        long offset = 0;
        for (int layer = 1; layer < widths.Length; layer++)
        {
            (int inputs, int outputs) = (widths[layer - 1], widths[layer]);
            long biases = (long)Panels.Count(outputs) * Panels.Width;
            long weights = biases * inputs;
            if (offset + weights + biases > Array.MaxLength)
            {
                throw new ArgumentException(
                    $"The network {string.Join('-', widths)} needs more than {Array.MaxLength} parameters with "
                    + "padding; make its layers narrower.",
                    nameof(architecture));
            }

            layers.Add(new LayerLayout(
                inputs, outputs, (int)offset, (int)weights, (int)(offset + weights), (int)biases));
            offset += weights + biases;
            ParameterCount += ((long)inputs + 1) * outputs;
        }

        Layers = layers.MoveToImmutable();
        Length = (int)offset;
        _blocks = [.. Layers.SelectMany(BlocksOf), Length];
    }

    /// <summary>The layers from the input side.</summary>
    public ImmutableArray<LayerLayout> Layers { get; }

    /// <summary>Floats of the flat vector, padding included.</summary>
    public int Length { get; }

    /// <summary>Parameters of the network, padding not counted.</summary>
    public long ParameterCount { get; }

    /// <summary>Blocks, counted through the tensors; a block never spans two tensors.</summary>
    public int BlockCount => _blocks.Length - 1;

    /// <summary>First element of each block, and last the length of the vector.</summary>
    internal ReadOnlySpan<int> Blocks => _blocks;

    /// <summary>
    /// The range of the flat vector that partition <paramref name="index"/> of <paramref name="count"/> holds: whole
    /// blocks, possibly none.
    /// </summary>
    /// <param name="index">Partition, from 0.</param>
    /// <param name="count">Partitions, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such partition.</exception>
    public ParameterRange Partition(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        int first = _blocks[(int)((long)index * BlockCount / count)];
        return new ParameterRange(first, _blocks[(int)(((long)index + 1) * BlockCount / count)] - first);
    }

    /// <summary>
    /// The partitions that take part in a step: those that hold something, and the first, which sums the losses.
    /// </summary>
    /// <param name="count">Partitions, at least 1.</param>
    public int[] UsedPartitions(int count) =>
        [.. Enumerable.Range(0, count).Where(i => i == 0 || Partition(i, count).Length > 0)];

    /// <summary>The tensors of which a range of the flat vector holds something, in order.</summary>
    /// <param name="range">The range; it may begin and end anywhere.</param>
    /// <returns>For each its part within the range, as a range of the flat vector.</returns>
    internal IEnumerable<(ParameterRange Range, bool IsBias)> Tensors(ParameterRange range) =>
        from layer in Layers
        from tensor in new[]
        {
            (Start: layer.WeightOffset, Length: layer.WeightLength, IsBias: false),
            (Start: layer.BiasOffset, Length: layer.BiasLength, IsBias: true),
        }
        let start = Math.Max(tensor.Start, range.Offset)
        let end = Math.Min(tensor.Start + tensor.Length, range.Offset + range.Length)
        where start < end
        select (new ParameterRange(start, end - start), tensor.IsBias);

    /// <summary>
    /// Copies the flat panel vector to PyTorch's order: layers.0.weight [out, in] row-major, layers.0.bias [out], ...
    /// </summary>
    /// <param name="panels">The vector in panel order.</param>
    /// <exception cref="ArgumentException">The length is not <see cref="Length"/>.</exception>
    public float[] ToRowMajor(ReadOnlySpan<float> panels)
    {
        RequireLength(nameof(panels), panels.Length, Length);
        float[] rowMajor = new float[ParameterCount];
        int next = 0;
        foreach (LayerLayout layer in Layers)
        {
            for (int output = 0; output < layer.Outputs; output++)
            {
                int source = layer.WeightOffset + Panels.Index(layer.Inputs, 0, output);
                for (int input = 0; input < layer.Inputs; input++)
                {
                    rowMajor[next++] = panels[source + (input * Panels.Width)];
                }
            }

            panels.Slice(layer.BiasOffset, layer.Outputs).CopyTo(rowMajor.AsSpan(next));
            next += layer.Outputs;
        }

        return rowMajor;
    }

    /// <summary>The inverse of <see cref="ToRowMajor"/>; padding becomes +0.</summary>
    /// <param name="rowMajor">All parameters in PyTorch's order.</param>
    /// <exception cref="ArgumentException">The length is not <see cref="ParameterCount"/>.</exception>
    public float[] FromRowMajor(ReadOnlySpan<float> rowMajor)
    {
        RequireLength(nameof(rowMajor), rowMajor.Length, ParameterCount);
        float[] panels = new float[Length];
        int next = 0;
        foreach (LayerLayout layer in Layers)
        {
            for (int output = 0; output < layer.Outputs; output++)
            {
                int target = layer.WeightOffset + Panels.Index(layer.Inputs, 0, output);
                for (int input = 0; input < layer.Inputs; input++)
                {
                    panels[target + (input * Panels.Width)] = rowMajor[next++];
                }
            }

            rowMajor.Slice(next, layer.Outputs).CopyTo(panels.AsSpan(layer.BiasOffset));
            next += layer.Outputs;
        }

        return panels;
    }

    /// <summary>
    /// The name of the tensor that holds element <paramref name="offset"/> of the flat vector, e.g.
    /// <c>layers.1.weight</c>.
    /// </summary>
    /// <param name="offset">Element of the flat vector.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public string TensorName(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Length);
        int index = Layers.Length - 1;
        while (Layers[index].WeightOffset > offset)
        {
            index--;
        }

        return $"layers.{index}.{(offset < Layers[index].BiasOffset ? "weight" : "bias")}";
    }

    private static void RequireWidths(int[] widths)
    {
        for (int i = 0; i < widths.Length; i++)
        {
            if (widths[i] < 1)
            {
                string name = i == 0 ? "inputs" : i == widths.Length - 1 ? "outputs" : $"hidden[{i - 1}]";
                throw new ArgumentException(
                    $"'{name}' is {widths[i]}; each layer needs at least 1 unit.", "architecture");
            }
        }
    }

    private static void RequireLength(string name, int length, long needed)
    {
        if (length != needed)
        {
            throw new ArgumentException($"'{name}' has length {length}; this network needs exactly {needed}.", name);
        }
    }

    private static IEnumerable<int> BlocksOf(LayerLayout layer)
    {
        for (int block = 0; block < layer.WeightLength; block += BlockLength)
        {
            yield return layer.WeightOffset + block;
        }

        for (int block = 0; block < layer.BiasLength; block += BlockLength)
        {
            yield return layer.BiasOffset + block;
        }
    }
}

/// <summary>One layer in the flat vector.</summary>
/// <param name="Inputs">I.</param>
/// <param name="Outputs">O.</param>
/// <param name="WeightOffset">First element of the weights, [O/32][I][32].</param>
/// <param name="WeightLength">Floats of the weights, padding included.</param>
/// <param name="BiasOffset">First element of the biases, [O/32][32].</param>
/// <param name="BiasLength">Floats of the biases, padding included.</param>
public sealed record LayerLayout(
    int Inputs, int Outputs, int WeightOffset, int WeightLength, int BiasOffset, int BiasLength);

/// <summary>A contiguous range of the flat vector.</summary>
/// <param name="Offset">First element.</param>
/// <param name="Length">Elements; 0 for an empty partition.</param>
public readonly record struct ParameterRange(int Offset, int Length);
