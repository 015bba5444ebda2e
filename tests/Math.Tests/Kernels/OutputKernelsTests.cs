using Xunit;

namespace Trainer.Kernels;

public sealed class OutputKernelsTests
{
    public static TheoryData<int> Classes => [2, 3, 10, 16, 17, 31, 32, 33, 50, 70];

    [Fact]
    public void Softmax_LectureExample_GivesItsProbabilities()
    {
        float[] z = new float[32];
        new[] { 1.1f, 2.2f, 0.2f, -1.7f }.CopyTo(z, 0);

        OutputKernels.Softmax(z, z, 1, 4, 0, 1);

        // The slide cuts the last one, 0.0136, to 0.013.
        double[] expected = [0.224, 0.672, 0.091, 0.0136];
        Assert.All(expected.Zip(z), pair => Assert.Equal(pair.First, pair.Second, 6e-4));
        Assert.All(z[4..], padding => Assert.Equal(0f, padding));
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void SoftmaxCrossEntropy_AnyClassCount_FollowsTheRuleOfSixteenLanes(int classes)
    {
        const int Rows = 3;
        TestMatrix logits = TestMatrix.Random(Rows, classes, classes);
        float[] d = logits.ToPanels();
        float[] labels = [0, classes - 1, classes / 2];
        float[] loss = new float[Rows];

        OutputKernels.SoftmaxCrossEntropy(d, labels, d, loss, Rows, classes, 0, Rows);

        for (int row = 0; row < Rows; row++)
        {
            float[] z = [.. Enumerable.Range(0, classes).Select(k => logits[row, k])];
            float largest = z.Max();
            float[] exponentials = [.. z.Select(value => Elementary.Exp(value - largest))];
            float[] lanes = new float[16];
            for (int k = 0; k < classes; k++)
            {
                lanes[k % 16] += exponentials[k];
            }

            for (int half = 8; half > 0; half /= 2)
            {
                for (int j = 0; j < half; j++)
                {
                    lanes[j] += lanes[j + half];
                }
            }

            int label = (int)labels[row];
            float[] expected = [.. exponentials.Select((e, k) => (e / lanes[0]) - (k == label ? 1f : 0f))];
            float[] actual = [.. Enumerable.Range(0, classes).Select(k => d[Panels.Index(Rows, row, k)])];
            AssertBits.Equal(expected, actual);
            Assert.Equal(Elementary.Log(lanes[0]) - (z[label] - largest), loss[row]);
        }
    }

    [Fact]
    public void SoftmaxCrossEntropy_HugeLogits_StaysFinite()
    {
        float[] z = new float[32];
        new[] { 1000f, 1001f, -1000f }.CopyTo(z, 0);
        float[] loss = new float[1];

        OutputKernels.SoftmaxCrossEntropy(z, [2f], z, loss, 1, 3, 0, 1);

        Assert.Equal(2001.3132f, loss[0], 1e-3f);
        Assert.All(z, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void SoftmaxCrossEntropy_NaNLogit_GivesNaNLoss()
    {
        float[] z = new float[32];
        z[1] = float.NaN;
        float[] loss = new float[1];

        OutputKernels.SoftmaxCrossEntropy(z, [0f], z, loss, 1, 3, 0, 1);

        Assert.True(float.IsNaN(loss[0]));
    }

    [Fact]
    public void SoftmaxCrossEntropy_ClassOutside_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => OutputKernels.SoftmaxCrossEntropy(new float[32], [3f], new float[32], new float[1], 1, 3, 0, 1));

    [Fact]
    public void SigmoidBinaryCrossEntropy_ExtremeLogits_GiveExactLossAndDelta()
    {
        float[] z = new float[4 * 32];
        float[] logits = [800f, -800f, 800f, 0f];
        for (int row = 0; row < 4; row++)
        {
            z[row * 32] = logits[row];
        }

        float[] d = new float[z.Length];
        float[] loss = new float[4];
        OutputKernels.SigmoidBinaryCrossEntropy(z, [0f, 1f, 1f, 1f], d, loss, 4, 0, 4);

        Assert.Equal([800f, 800f, 0f, 0.6931472f], loss);
        Assert.Equal([1f, -1f, 0f, -0.5f], new[] { d[0], d[32], d[64], d[96] });
        Assert.Equal(4 * 31, d.Where((_, i) => i % 32 != 0).Count(value => value == 0f));
    }

    [Fact]
    public void LinearSquaredError_TwoOutputs_GivesMeanLossAndItsGradient()
    {
        float[] z = new float[2 * 32];
        z[0] = 1f;
        z[1] = 3f;
        z[32] = -1f;
        z[33] = 0.5f;
        float[] loss = new float[2];

        OutputKernels.LinearSquaredError(z, [0f, 1f, 1f, 0.5f], z, loss, 2, 2, 0, 2);

        Assert.Equal([2.5f, 2f], loss);
        Assert.Equal([1f, 2f, -2f, 0f], new[] { z[0], z[1], z[32], z[33] });
    }
}
