using System.Runtime.Intrinsics;

using Trainer.Models;

namespace Trainer.Training;

/// <summary>
/// The norm of each layer's gradient out of its partitions, with the same bits for any number of them.
/// </summary>
/// <remarks>
/// Sums of squares in double, one a block, as for the norm of the whole gradient (numerics A7): element j of a block
/// goes to lane j mod 8, ascending; then lanes j += j+4, j+2, j+1. The blocks of a layer are then added in ascending
/// order. The square of a binary32 number is exact in double.
/// </remarks>
public static class LayerNorms
{
    /// <summary>The sum of squares of each block of a partition, ascending.</summary>
    /// <param name="gradient">The partition's gradient in panel order: whole tensors or blocks of them.</param>
    /// <param name="layout">The parameters.</param>
    /// <param name="range">The partition: whole blocks.</param>
    /// <exception cref="ArgumentException">The gradient is not that of the range.</exception>
    public static double[] BlockSquares(ReadOnlySpan<float> gradient, ParameterLayout layout, ParameterRange range)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (gradient.Length != range.Length)
        {
            throw new ArgumentException(
                $"'gradient' has length {gradient.Length}; that of the range is {range.Length}.", nameof(gradient));
        }

        var squares = new List<double>();
        ReadOnlySpan<int> blocks = layout.Blocks;
        for (int block = 0; block < layout.BlockCount; block++)
        {
            int start = blocks[block] - range.Offset;
            if (start >= 0 && start < range.Length)
            {
                squares.Add(Squares(gradient[start..(blocks[block + 1] - range.Offset)]));
            }
        }

        return [.. squares];
    }

    /// <summary>The L2 norm of each layer, weights and biases together, from the input side.</summary>
    /// <param name="layout">The parameters.</param>
    /// <param name="squares">The <see cref="BlockSquares"/> of all partitions, in partition order.</param>
    /// <exception cref="ArgumentException">There are more or fewer than blocks.</exception>
    public static double[] Combine(ParameterLayout layout, IReadOnlyList<double> squares)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(squares);
        if (squares.Count != layout.BlockCount)
        {
            throw new ArgumentException(
                $"There are {squares.Count} sums of squares; the parameters have {layout.BlockCount} blocks.",
                nameof(squares));
        }

        double[] norms = new double[layout.Layers.Length];
        int block = 0;
        for (int layer = 0; layer < norms.Length; layer++)
        {
            int end = layout.Layers[layer].BiasOffset + layout.Layers[layer].BiasLength;
            double sum = 0;
            for (; layout.Blocks[block] < end; block++)
            {
                sum += squares[block];
            }

            norms[layer] = Math.Sqrt(sum);
        }

        return norms;
    }

    // Whole panels, so a multiple of 8 elements.
    private static double Squares(ReadOnlySpan<float> block)
    {
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        for (; block.Length >= Vector256<float>.Count; block = block[Vector256<float>.Count..])
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.Create(block));
            low += first * first;
            high += second * second;
        }

        Vector256<double> four = low + high;
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
