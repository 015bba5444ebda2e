using Xunit;

namespace Trainer.Reduction;

public sealed class ReductionTreeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-4)]
    public void Constructor_NotAPowerOfTwo_Throws(int shards) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReductionTree(shards, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Constructor_OccupiedOutside_Throws(int occupied) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReductionTree(8, occupied));

    [Theory]
    [InlineData(0, 4, true)]
    [InlineData(0, 5, false)]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, false)]
    [InlineData(3, 0, true)]
    [InlineData(3, 1, false)]
    [InlineData(4, 0, false)]
    [InlineData(0, -1, false)]
    [InlineData(-1, 0, false)]
    [InlineData(3, 1 << 29, false)]
    public void Contains_FiveOfEightShards_OnlyNodesWithRows(int level, int index, bool expected) =>
        Assert.Equal(expected, new ReductionTree(8, 5).Contains(new TreeNode(level, index)));

    [Theory]
    [InlineData(0, 4, 2, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(0, 3, 0, 3)]
    [InlineData(2, 0, 2, 0)]
    [InlineData(3, 0, 3, 0)]
    public void Lift_FiveOfEightShards_PassesAbsentSiblingsOnly(int level, int index, int toLevel, int toIndex) =>
        Assert.Equal(new TreeNode(toLevel, toIndex), new ReductionTree(8, 5).Lift(new TreeNode(level, index)));

    [Fact]
    public void Lift_OneShardWithRows_IsTheRoot()
    {
        var tree = new ReductionTree(16, 1);

        Assert.Equal(tree.Root, tree.Lift(new TreeNode(0, 0)));
        Assert.Equal(new TreeNode(4, 0), tree.Root);
    }

    [Fact]
    public void Lift_OneShardAtAll_IsTheRoot() =>
        Assert.Equal(new TreeNode(0, 0), new ReductionTree(1, 1).Lift(new TreeNode(0, 0)));

    [Theory]
    [InlineData(2, 1, 0, 4, true)]
    [InlineData(2, 1, 0, 7, true)]
    [InlineData(2, 1, 0, 3, false)]
    [InlineData(2, 1, 2, 1, true)]
    [InlineData(1, 2, 2, 1, false)]
    public void Covers_TwoNodes_ContainsAllShards(
        int level, int index, int otherLevel, int otherIndex, bool expected) =>
        Assert.Equal(
            expected, ReductionTree.Covers(new TreeNode(level, index), new TreeNode(otherLevel, otherIndex)));

    [Fact]
    public void SiblingParentIsLeft_Node_FollowTheIndex()
    {
        var right = new TreeNode(1, 3);

        Assert.Equal(new TreeNode(1, 2), ReductionTree.Sibling(right));
        Assert.Equal(new TreeNode(2, 1), ReductionTree.Parent(right));
        Assert.False(ReductionTree.IsLeft(right));
        Assert.True(ReductionTree.IsLeft(ReductionTree.Sibling(right)));
    }
}
