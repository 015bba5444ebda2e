using System.Numerics;
using System.Runtime.Intrinsics;

using Trainer.Backends;
using Trainer.Models;
using Trainer.Reduction;

namespace Trainer.Training;

/// <summary>
/// The norm of a whole gradient out of its partitions, with the same bits for any number of them (numerics A7).
/// </summary>
/// <remarks>
/// A block's squares go to 8 lanes, element j to lane j mod 8, ascending; then lanes j += j+4, j+2, j+1; blocks are
/// added along the perfect binary tree on their numbers. The square of a binary32 number is exact in double.
/// </remarks>
/// <param name="layout">The parameters.</param>
public sealed class GradientNorm(ParameterLayout layout)
{
    // Keeps the scale finite where the norm is 0, as in PyTorch.
    private const double Smallest = 1e-6;

    // Blocks that one thread takes at once.
    private const int BlocksOfTile = 16;

    private readonly ReductionTree _tree = new(
        (int)BitOperations.RoundUpToPowerOf2((uint)layout.BlockCount), layout.BlockCount);

    /// <summary>The sums of a partition: the largest nodes that lie in it whole.</summary>
    /// <param name="range">The partition: whole blocks.</param>
    /// <param name="gradient">Its gradient, shape [range.Length].</param>
    /// <param name="team">The compute threads it may use; null: the calling one.</param>
    public NormNode[] Nodes(ParameterRange range, ReadOnlyMemory<float> gradient, IComputeTeam? team = null)
    {
        double[] blocks = BlockSquares(range, gradient, team: team);
        int first = layout.Blocks.BinarySearch(range.Offset);
        int end = first + blocks.Length;
        List<NormNode> nodes = [];
        for (int next = first; next < end;)
        {
            int free = BitOperations.Log2((uint)(end - next));
            int level = Math.Min(BitOperations.TrailingZeroCount(next), free);
            double sum = Sum(blocks.AsSpan(next - first, 1 << level));
            nodes.Add(new NormNode(new TreeNode(level, next >> level), sum));
            next += 1 << level;
        }

        return [.. nodes];
    }

    /// <summary>The sum of squares of each block of a partition, ascending.</summary>
    /// <param name="range">The partition: whole blocks.</param>
    /// <param name="gradient">Its gradient, shape [range.Length].</param>
    /// <param name="scale">What each element is multiplied by first, rounded once.</param>
    /// <param name="team">The compute threads it may use; null: the calling one.</param>
    public double[] BlockSquares(
        ParameterRange range, ReadOnlyMemory<float> gradient, float scale = 1f, IComputeTeam? team = null)
    {
        ReadOnlySpan<int> starts = layout.Blocks;
        int first = starts.BinarySearch(range.Offset);
        int end = starts.BinarySearch(range.Offset + range.Length);
        if (first < 0 || end < 0 || gradient.Length != range.Length)
        {
            throw new ArgumentException(
                $"{range} with a gradient of {gradient.Length} elements is no range of whole blocks.", nameof(range));
        }

        double[] blocks = new double[end - first];
        (team ?? SerialTeam.Instance).For((blocks.Length + BlocksOfTile - 1) / BlocksOfTile, tile =>
        {
            int last = Math.Min((tile + 1) * BlocksOfTile, blocks.Length);
            for (int i = tile * BlocksOfTile; i < last; i++)
            {
                int start = layout.Blocks[first + i] - range.Offset;
                int next = layout.Blocks[first + i + 1] - range.Offset;
                blocks[i] = Squares(gradient.Span[start..next], scale);
            }
        });
        return blocks;
    }

    /// <summary>
    /// The norm of each layer's gradient, weights and biases together, from the input side: its blocks added in
    /// ascending order.
    /// </summary>
    /// <param name="squares">The <see cref="BlockSquares"/> of all partitions, in partition order.</param>
    /// <exception cref="ArgumentException">There are more or fewer than blocks.</exception>
    public double[] OfLayers(IReadOnlyList<double> squares)
    {
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

    /// <summary>The norm.</summary>
    /// <param name="nodes">The sums of all partitions, in any order.</param>
    /// <returns>The norm; NaN or infinite where the gradient is.</returns>
    /// <exception cref="ArgumentException">A block is missing.</exception>
    public double Norm(IEnumerable<NormNode> nodes) =>
        Math.Sqrt(SumOf(_tree.Root, nodes.ToDictionary(node => node.Node, node => node.Squares)));

    /// <summary>What every element of the gradient is multiplied by.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="largest">The largest norm allowed.</param>
    public static float Scale(double norm, double largest) => (float)Math.Min(1, largest / (norm + Smallest));

    private double SumOf(TreeNode node, Dictionary<TreeNode, double> sums)
    {
        if (sums.TryGetValue(node, out double sum))
        {
            return sum;
        }

        if (node.Level == 0)
        {
            throw new ArgumentException(
                $"The sum of block {node.Index} of {layout.BlockCount} is missing.", nameof(sums));
        }

        var left = new TreeNode(node.Level - 1, node.Index * 2);
        TreeNode right = ReductionTree.Sibling(left);
        return _tree.Contains(right) ? SumOf(left, sums) + SumOf(right, sums) : SumOf(left, sums);
    }

    // A whole subtree, in place.
    private static double Sum(Span<double> values)
    {
        for (int count = values.Length / 2; count > 0; count /= 2)
        {
            for (int i = 0; i < count; i++)
            {
                values[i] = values[2 * i] + values[(2 * i) + 1];
            }
        }

        return values[0];
    }

    // Whole panels, so a multiple of 8 elements. A product is exact: it does not matter whether it is fused.
    private static double Squares(ReadOnlySpan<float> block, float scale)
    {
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        for (; block.Length >= Vector256<float>.Count; block = block[Vector256<float>.Count..])
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(
                Vector256.Create(block) * scale);
            low += first * first;
            high += second * second;
        }

        Vector256<double> four = low + high;
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
