using Xunit;

namespace Trainer.Kernels;

public sealed class TransposedDeltasTests
{
    [Theory]
    [InlineData(32, 784, 512, true)]
    [InlineData(256, 2048, 2048, true)]
    [InlineData(10, 512, 512, false)] // padding to 32 rows costs more than moving the weights
    [InlineData(128, 512, 10, false)] // few weights to move
    public void Pays_Shape_IsTheWayThatMovesLess(int rows, int inputs, int outputs, bool expected) =>
        Assert.Equal(expected, TransposedDeltas.Pays(new DenseShape(rows, inputs, outputs)));

    [Fact]
    public void InputGradient_RowsInParts_EqualsTheOtherWay()
    {
        var shape = new DenseShape(75, 45, 83);
        float[] d = TestMatrix.Random(75, 83, 1).ToPanels();
        float[] weights = TestMatrix.Random(45, 83, 2).ToPanels();
        float[] transposed = new float[TransposedDeltas.Length(75, 83)];
        float[] expected = new float[Panels.Length(75, 45)];
        float[] actual = [.. Enumerable.Repeat(1f, expected.Length)];
        for (int panel = 0; panel < Panels.Count(83); panel++)
        {
            TransposedDeltas.Fill(d, transposed, shape, panel, 0, 64);
            TransposedDeltas.Fill(d, transposed, shape, panel, 64, 11);
        }

        for (int panel = 0; panel < Panels.Count(45); panel++)
        {
            DenseKernels.InputGradient(d, weights, expected, shape, panel, 0, 75);
            TransposedDeltas.InputGradient(transposed, weights, actual, shape, panel, 0, 32);
            TransposedDeltas.InputGradient(transposed, weights, actual, shape, panel, 32, 43);
        }

        AssertBits.Equal(expected, actual);
    }

    [Fact]
    public void Fill_RowsFromTheMiddleOfABlock_ThrowsNamingTheRow()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => TransposedDeltas.Fill(new float[2048], new float[2048], new(64, 32, 32), 0, 8, 8));

        Assert.StartsWith("'firstRow' is 8; it must be a multiple of 32.", error.Message, StringComparison.Ordinal);
    }
}
