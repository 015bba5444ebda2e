using Trainer.Reduction;

namespace Trainer.Training;

/// <summary>The sum of the squares of the gradient below one node of the tree over the parameters' blocks.</summary>
/// <param name="Node">The node; a leaf is a block, counted through the tensors.</param>
/// <param name="Squares">Sum of the squares, in double.</param>
public readonly record struct NormNode(TreeNode Node, double Squares);
