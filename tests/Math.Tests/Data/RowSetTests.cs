using Xunit;

namespace Trainer.Data;

public sealed class RowSetTests
{
    private static RowSet Five { get; } =
        new(5, 2, 1, [0, 1, 10, 11, 20, 21, 30, 31, 40, 41], [0, 1, 2, 3, 4], [0.5f, 1, 2, 3, 4]);

    [Fact]
    public void Views_OfViews_AreTheRowsAskedFor()
    {
        RowSet set = Five.Select([4, 0, 3, 3]).Slice(1, 3).Select([2, 0]);

        Assert.Equal([30f, 31, 0, 1], set.Features);
        Assert.Equal([3f, 0], set.Targets);
        Assert.Equal([3f, 0.5f], set.Weights);
    }

    [Fact]
    public void Join_ViewsOfSeveral_AreOneAfterTheOther()
    {
        RowSet set = RowSet.Join([Five.Select([3, 1]), Five.Slice(2, 0), Five.Slice(4, 1)]);

        Assert.Equal([3f, 1, 4], set.Targets);
        Assert.Equal([40f, 41, 10, 11], set.Select([2, 1]).Features);
    }

    [Fact]
    public void Views_ShareTheMemory()
    {
        RowSet view = Five.Select([2, 4]);

        Assert.True(Five.FeaturesOf(4, []) == view.FeaturesOf(1, []));
        Assert.True(Five.TargetsOf(2) == view.Slice(0, 1).TargetsOf(0));
    }

    [Fact]
    public void Rows_Outside_Throw()
    {
        RowSet view = Five.Slice(1, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => view.WeightOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.WeightOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Slice(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Select([2]));
    }

    [Theory]
    [InlineData(3, 2, 0)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 2, 1)]
    public void Create_ArraysOfOtherLengths_Throws(int features, int targets, int weights) =>
        Assert.Throws<ArgumentException>(
            () => new RowSet(2, 2, 1, new float[features], new float[targets], new float[weights]));
}
