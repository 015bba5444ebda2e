using CsCheck;

using Trainer.Losses;

using Xunit;

namespace Trainer.Models;

public sealed class ParameterLayoutTests
{
    private static readonly Gen<MlpArchitecture> Any =
        from inputs in Gen.Int[1, 80]
        from hidden in Gen.Int[1, 80].Array[0, 3]
        from outputs in Gen.Int[1, 40]
        select Network(inputs, hidden, outputs);

    [Fact]
    public void Layers_TwoLayers_LieOneBehindTheOther()
    {
        var layout = new ParameterLayout(Network(3, [33], 2));

        Assert.Equal(
            [new LayerLayout(3, 33, 0, 192, 192, 64), new LayerLayout(33, 2, 256, 1056, 1312, 32)], layout.Layers);
        Assert.Equal(1344, layout.Length);
        Assert.Equal((3 * 33) + 33 + (33 * 2) + 2, layout.ParameterCount);

        // The weights of layer 1 are one full and one short block.
        Assert.Equal(5, layout.BlockCount);
    }

    [Fact]
    public void FromRowMajor_AnyNetwork_IsInvertedByToRowMajor() => Any.Sample(network =>
    {
        var layout = new ParameterLayout(network);
        float[] rowMajor = [.. Enumerable.Range(1, (int)layout.ParameterCount).Select(i => (float)i)];

        float[] panels = layout.FromRowMajor(rowMajor);

        Assert.Equal(rowMajor, layout.ToRowMajor(panels));
        Assert.Equal(rowMajor.Length, panels.Count(value => value != 0));
    });

    [Fact]
    public void Partition_AnyCount_CoversTheVectorInWholeBlocks() => Gen.Select(Any, Gen.Int[1, 9]).Sample(
        (network, count) =>
        {
            var layout = new ParameterLayout(network);
            int next = 0;
            for (int i = 0; i < count; i++)
            {
                ParameterRange range = layout.Partition(i, count);
                Assert.Equal(next, range.Offset);
                Assert.True(range.Length >= 0);
                Assert.True(range.Offset == layout.Length || StartsBlock(layout, range.Offset));
                next += range.Length;
            }

            Assert.Equal(layout.Length, next);
        });

    [Fact]
    public void Partition_MoreThanBlocks_LeavesSomeEmpty()
    {
        var layout = new ParameterLayout(Network(1, [], 1));

        Assert.Equal(2, layout.BlockCount);
        Assert.Equal(64, Enumerable.Range(0, 5).Sum(i => layout.Partition(i, 5).Length));
        Assert.Contains(0, Enumerable.Range(0, 5).Select(i => layout.Partition(i, 5).Length));
    }

    [Theory]
    [InlineData(0, "layers.0.weight")]
    [InlineData(191, "layers.0.weight")]
    [InlineData(192, "layers.0.bias")]
    [InlineData(255, "layers.0.bias")]
    [InlineData(256, "layers.1.weight")]
    [InlineData(1343, "layers.1.bias")]
    public void TensorName_Offset_NamesItsTensor(int offset, string name) =>
        Assert.Equal(name, new ParameterLayout(Network(3, [33], 2)).TensorName(offset));

    [Theory]
    [InlineData(-1)]
    [InlineData(1344)]
    public void TensorName_OffsetOutside_Throws(int offset) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new ParameterLayout(Network(3, [33], 2)).TensorName(offset));

    [Theory]
    [InlineData(0, 4, 1, "'inputs' is 0; each layer needs at least 1 unit.")]
    [InlineData(2, 0, 1, "'hidden[0]' is 0; each layer needs at least 1 unit.")]
    [InlineData(2, 4, -1, "'outputs' is -1; each layer needs at least 1 unit.")]
    public void Constructor_NoUnit_NamesTheWidth(int inputs, int hidden, int outputs, string message)
    {
        ArgumentException error =
            Assert.Throws<ArgumentException>(() => new ParameterLayout(Network(inputs, [hidden], outputs)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_TooManyParameters_SaysSo()
    {
        ArgumentException error =
            Assert.Throws<ArgumentException>(() => new ParameterLayout(Network(1_000_000, [1_000_000], 1)));

        Assert.StartsWith("The network 1000000-1000000-1 needs more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToRowMajor_WrongLength_NamesBoth()
    {
        var layout = new ParameterLayout(Network(3, [33], 2));

        ArgumentException error = Assert.Throws<ArgumentException>(() => layout.ToRowMajor(new float[5]));

        Assert.StartsWith(
            "'panels' has length 5; this network needs exactly 1344.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => layout.FromRowMajor(new float[5]));
    }

    private static bool StartsBlock(ParameterLayout layout, int offset) => layout.Layers.Any(layer =>
        (offset >= layer.WeightOffset && offset < layer.BiasOffset
            && (offset - layer.WeightOffset) % ParameterLayout.BlockLength == 0)
        || (offset >= layer.BiasOffset && offset < layer.BiasOffset + layer.BiasLength
            && (offset - layer.BiasOffset) % ParameterLayout.BlockLength == 0));

    private static MlpArchitecture Network(int inputs, int[] hidden, int outputs) =>
        new(inputs, [.. hidden], Activation.Relu, outputs, OutputUnit.Linear, LossFunction.MeanSquaredError);
}
