using Trainer.Golden;
using Trainer.Models;

using Xunit;

namespace Trainer.Losses;

public sealed class ReferenceLossTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Predict_SoftmaxOfTheLecture_HasItsProbabilities()
    {
        double[] probabilities = new double[4];

        ReferenceLoss.Predict(OutputUnit.Softmax, [1.1, 2.2, 0.2, -1.7], probabilities);

        // The lecture's last digit is cut, not rounded.
        Assert.Equal([0.224, 0.672, 0.091, 0.013], probabilities, (a, b) => Math.Abs(a - b) < 0.001);
        Assert.Equal(1, probabilities.Sum(), 1e-15);
    }

    [Fact]
    public void Predict_SigmoidAtExtremeLogits_IsZeroOrOne()
    {
        double[] high = new double[1];
        double[] low = new double[1];

        ReferenceLoss.Predict(OutputUnit.Sigmoid, [1000], high);
        ReferenceLoss.Predict(OutputUnit.Sigmoid, [-1000], low);

        Assert.Equal(1, high[0]);
        Assert.Equal(0, low[0]);
    }

    [Fact]
    public void Row_CrossEntropy_EqualsPyTorch()
    {
        TorchLosses figures = TorchFigures.Instance.Losses;
        double[] targets = [.. figures.Targets.Select(label => (double)label)];

        AssertMean(figures.CrossEntropy, LossFunction.CrossEntropy, figures.Logits, targets);
    }

    [Fact]
    public void Row_CrossEntropyOfLogits1000_EqualsPyTorch() => AssertMean(
        TorchFigures.Instance.Losses.CrossEntropyExtreme, LossFunction.CrossEntropy, [[1000, 0, -1000]], [2]);

    [Fact]
    public void Row_BinaryCrossEntropyOfLogits800_EqualsPyTorch() => AssertMean(
        TorchFigures.Instance.Losses.BinaryExtreme, LossFunction.BinaryCrossEntropy, [[800], [-800], [0]], [0, 1, 1]);

    [Theory]
    [InlineData(40, 1, 4.248354255291589e-18)]
    [InlineData(-40, 0, 4.248354255291589e-18)]
    [InlineData(0, 1, 0.6931471805599453)]
    [InlineData(1000, 1, 0)]
    [InlineData(-1000, 1, 1000)]
    public void Row_BinaryCrossEntropy_KeepsItsDigits(double logit, double target, double expected)
    {
        double loss = ReferenceLoss.Row(LossFunction.BinaryCrossEntropy, [logit], [target], new double[1]);

        Assert.InRange(loss, expected * (1 - 1e-15), expected * (1 + 1e-15));
    }

    private static void AssertMean(TorchLoss expected, LossFunction loss, double[][] logits, double[] targets)
    {
        double[] gradient = new double[logits[0].Length];
        double sum = 0;
        for (int row = 0; row < logits.Length; row++)
        {
            sum += ReferenceLoss.Row(loss, logits[row], targets.AsSpan(row, 1), gradient);
            AssertClose.Equal(expected.Gradient[row], [.. gradient.Select(value => value / logits.Length)], Tolerance);
        }

        AssertClose.Equal(expected.Loss, sum / logits.Length, Tolerance);
    }
}
