using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;

using Xunit;

namespace Trainer.Optimizers;

public sealed class OptimizerSettingsTests
{
    private const int Steps = 3;
    private const float Rate = 0.01f;

    private static readonly ParameterLayout Layout = new(new MlpArchitecture(
        40, [35, 3], Activation.Relu, 2, OutputUnit.Linear, LossFunction.MeanSquaredError));

    private static readonly OptimizerSettings[] All =
    [
        new SgdSettings(0, 0.1),
        new SgdSettings(0.9, 0.1, Nesterov: true),
        .. Enum.GetValues<AdamVariant>().Select(variant => new AdamSettings(0.9, 0.999, 1e-8, 0.1, variant)),
        new RmsPropSettings(0.99, 1e-8, 0.1),
        new AdagradSettings(1e-10, 0.1),
        new AdadeltaSettings(0.9, 1e-6, 0.1),
    ];

    [Fact]
    public void Create_BiasesSpared_DecaysTheWeightsAlone()
    {
        foreach (OptimizerSettings settings in All)
        {
            float[] decayed = Run(settings.Create(Layout.Length), 0, Layout.Length);
            float[] plain = Run((settings with { WeightDecay = 0 }).Create(Layout.Length), 0, Layout.Length);
            float[] expected = [.. decayed];
            foreach (LayerLayout layer in Layout.Layers)
            {
                plain.AsSpan(layer.BiasOffset, layer.BiasLength).CopyTo(expected.AsSpan(layer.BiasOffset));
            }

            float[] actual = Run(
                (settings with { DecayBiases = false }).Create(Layout, new ParameterRange(0, Layout.Length)),
                0,
                Layout.Length);

            AssertBits.Equal(expected, actual);
            Assert.NotEqual(decayed, actual);
            Assert.NotEqual(plain, actual);
        }
    }

    [Fact]
    public void Create_BiasesSparedAndAnyCut_EqualsTheWholeBitForBit()
    {
        foreach (OptimizerSettings settings in All)
        {
            OptimizerSettings sparing = settings with { DecayBiases = false };
            float[] expected = Run(
                sparing.Create(Layout, new ParameterRange(0, Layout.Length)), 0, Layout.Length);
            for (int cut = 0; cut <= Layout.Length; cut += 17)
            {
                var left = new ParameterRange(0, cut);
                var right = new ParameterRange(cut, Layout.Length - cut);

                float[] actual =
                [
                    .. Run(sparing.Create(Layout, left), left.Offset, left.Length),
                    .. Run(sparing.Create(Layout, right), right.Offset, right.Length),
                ];

                AssertBits.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Step_BiasesSparedAndWrongLength_Throws()
    {
        OptimizerSettings sparing = new SgdSettings(0, 0.1) { DecayBiases = false };
        IOptimizer optimizer = sparing.Create(Layout, new ParameterRange(0, Layout.Length));
        float[] whole = new float[Layout.Length];

        Assert.Throws<ArgumentException>(() => optimizer.Step(whole, new float[3], Rate));
        Assert.Throws<ArgumentException>(() => optimizer.Step(new float[Layout.Length + 1], whole, Rate));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void Create_BadClipNorm_NamesItsRange(double norm)
    {
        OptimizerSettings settings = new SgdSettings(0, 0) { ClipNorm = norm };

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => settings.Create(Layout, new ParameterRange(0, 32)));

        Assert.StartsWith(
            $"'ClipNorm' is {norm}; allowed is null or a number above 0.", error.Message, StringComparison.Ordinal);
    }

    private static float[] Run(IOptimizer optimizer, int offset, int length)
    {
        float[] weights = [.. Enumerable.Range(offset, length).Select(i => ((i * 7 % 11) - 5) / 10f)];
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradient =
                [.. Enumerable.Range(offset, length).Select(i => (((i + step) * 5 % 13) - 6) / 8f)];
            optimizer.Step(weights, gradient, Rate);
        }

        return weights;
    }
}
