using Trainer.Reduction;

namespace Trainer.Training;

/// <summary>The sum of the gradients of the rows below one node of the reduction tree.</summary>
/// <param name="Node">The node.</param>
/// <param name="Gradient">
/// Sum over rows, flat in panel order; the whole vector from a worker, a partition's slice at its server.
/// </param>
/// <param name="Loss">Sum of the rows' losses times their weights, in double.</param>
/// <param name="RowCount">Rows summed.</param>
/// <param name="WeightSum">
/// Sum of the rows' weights, in double in the order of the losses; without weights the number of rows.
/// </param>
public readonly record struct GradientNode(
    TreeNode Node, ReadOnlyMemory<float> Gradient, double Loss, int RowCount, double WeightSum);
