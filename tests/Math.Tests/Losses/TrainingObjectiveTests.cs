using Trainer.Backends;
using Trainer.Golden;
using Trainer.Kernels;
using Trainer.Models;

using Xunit;

namespace Trainer.Losses;

public sealed class TrainingObjectiveTests
{
    private static readonly TorchLosses Figures = TorchFigures.Instance.Losses;

    /// <summary>Each loss of the fixture: network, objective, logits, targets, and what PyTorch says.</summary>
    public static TheoryData<string> Losses => [.. Cases.Keys];

    private static Dictionary<string, (LossFunction Loss, TrainingObjective Objective, TorchLoss Expected)> Cases =>
        new()
        {
            ["plain"] = (LossFunction.CrossEntropy, TrainingObjective.Plain, Figures.CrossEntropy),
            ["smoothing"] = (
                LossFunction.CrossEntropy, new() { LabelSmoothing = 0.1 }, Figures.LabelSmoothing),
            ["class weights"] = (
                LossFunction.CrossEntropy, new() { ClassWeights = [1f, 2f, 3f] }, Figures.ClassWeights),
            ["positive weight"] = (
                LossFunction.BinaryCrossEntropy, new() { PositiveWeight = 2.5f }, Figures.PositiveWeight),
        };

    [Theory]
    [MemberData(nameof(Losses))]
    public void ReferenceBackward_FixtureLoss_EqualsPyTorchTo12Digits(string name)
    {
        (LossFunction loss, TrainingObjective objective, TorchLoss expected) = Cases[name];
        (double[][] logits, double[] targets) = Data(loss);
        var network = new ReferenceMlp(Network(loss), objective);

        // Weights are the identity, biases 0: the inputs are the logits, and a bias's gradient sums theirs.
        ReferencePass pass = network.Backward(
            Identity(logits[0].Length), [.. logits.SelectMany(row => row)], targets, logits.Length);

        AssertClose.Equal(expected.Loss, pass.Loss, 1e-12);
        AssertClose.Equal(Sums(expected), pass.Gradient[^logits[0].Length..], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void MlpComputeLoss_FixtureLoss_EqualsPyTorchTo1E5(string name)
    {
        (LossFunction loss, TrainingObjective objective, TorchLoss expected) = Cases[name];
        (double[][] logits, double[] targets) = Data(loss);
        int outputs = logits[0].Length;
        var network = new Mlp(
            Network(loss), SerialTeam.Instance, logits.Length, Mlp.SerialWork, dropout: null, objective);
        network.Layout.FromRowMajor([.. Identity(outputs).Select(value => (float)value)]).CopyTo(network.OwnWeights());
        network.Begin(logits.Length);
        double weights = 0;
        for (int row = 0; row < logits.Length; row++)
        {
            network.SetRow(row, [.. logits[row].Select(value => (float)value)], [(float)targets[row]]);
            weights += network.RowWeight(row);
        }

        network.Forward();
        network.ComputeLoss();

        float[] gradient = new float[network.Layout.Length];
        network.WeightGradient(0, 0, [new(0, logits.Length, 0, false, 0)], [gradient]);
        double[] means = [.. network.Layout.ToRowMajor(gradient).Select(value => value / weights)];
        AssertClose.Equal(expected.Loss, network.Losses.ToArray().Sum(value => (double)value) / weights, 1e-5);
        AssertClose.Equal(Sums(expected), means[^outputs..], 1e-5);
    }

    [Theory]
    [InlineData(OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy)]
    [InlineData(OutputUnit.Sigmoid, LossFunction.Perceptron)]
    [InlineData(OutputUnit.Softmax, LossFunction.CrossEntropy)]
    public void ReferenceBackward_WeightedObjective_EqualsCentralDifferences(OutputUnit unit, LossFunction loss)
    {
        const double step = 1e-6;
        const int rows = 6;
        int classes = unit == OutputUnit.Sigmoid ? 2 : 3;
        var objective = new TrainingObjective
        {
            LabelSmoothing = loss == LossFunction.CrossEntropy ? 0.2 : 0,
            PositiveWeight = loss == LossFunction.BinaryCrossEntropy ? 3f : 1f,
            ClassWeights = [.. new[] { 0.5f, 2f, 4f }.Take(classes)],
        };
        var network = new ReferenceMlp(
            new(2, [3], Activation.Tanh, unit == OutputUnit.Sigmoid ? 1 : 3, unit, loss), objective);
        var random = new Random(4);
        double[] parameters = [.. Enumerable.Range(0, network.ParameterCount).Select(_ => random.NextDouble() - 0.5)];
        double[] inputs = [.. Enumerable.Range(0, rows * 2).Select(_ => random.NextDouble() - 0.5)];
        double[] targets = [.. Enumerable.Range(0, rows).Select(row => (double)(row % classes))];

        double[] gradient = network.Backward(parameters, inputs, targets, rows).Gradient;

        for (int i = 0; i < parameters.Length; i++)
        {
            double[] above = [.. parameters];
            double[] below = [.. parameters];
            above[i] += step;
            below[i] -= step;
            double difference =
                network.Loss(above, inputs, targets, rows) - network.Loss(below, inputs, targets, rows);
            Assert.Equal(difference / (2 * step), gradient[i], 1e-8);
        }
    }

    [Fact]
    public void ThresholdPerceptron_RightWrongAndBoundaryRows_FollowTheRule()
    {
        float[] z = new float[5 * 32];
        float[] logits = [2f, -2f, 0f, 0f, float.NaN];
        for (int row = 0; row < logits.Length; row++)
        {
            z[row * 32] = logits[row];
        }

        float[] d = new float[z.Length];
        float[] loss = new float[5];
        OutputKernels.ThresholdPerceptron(z, [1f, 1f, 1f, 0f, 1f], d, loss, 5, 0, 5);

        AssertBits.Equal([0f, 2f, 0f, 0f], loss.AsSpan(0, 4));
        Assert.Equal([0f, -1f, -1f, 1f], new[] { d[0], d[32], d[64], d[96] });
        Assert.True(float.IsNaN(loss[4]));
    }

    [Theory]
    [InlineData(OutputUnit.Softmax, 3, LossFunction.CrossEntropy, "There are 2 class weights, but the network has 3")]
    [InlineData(OutputUnit.Linear, 1, LossFunction.MeanSquaredError, "There are 2 class weights, but")]
    public void MlpConstructor_WeightsThatDoNotFit_SaysWhy(
        OutputUnit unit, int outputs, LossFunction loss, string message)
    {
        var network = new MlpArchitecture(2, [], Activation.Relu, outputs, unit, loss);
        var objective = new TrainingObjective { ClassWeights = [1f, 2f] };

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new Mlp(network, SerialTeam.Instance, 1, Mlp.SerialWork, dropout: null, objective));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    // The README of tests/Golden has the logits of the positive weight.
    private static (double[][] Logits, double[] Targets) Data(LossFunction loss) =>
        loss == LossFunction.BinaryCrossEntropy
            ? ([[0.3], [-1.2]], [1, 0])
            : (Figures.Logits, [.. Figures.Targets.Select(label => (double)label)]);

    private static MlpArchitecture Network(LossFunction loss) => loss == LossFunction.BinaryCrossEntropy
        ? new(1, [], Activation.Identity, 1, OutputUnit.Sigmoid, loss)
        : new(3, [], Activation.Identity, 3, OutputUnit.Softmax, loss);

    private static double[] Identity(int size) =>
        [.. Enumerable.Range(0, (size + 1) * size).Select(i => i < size * size && i % (size + 1) == 0 ? 1.0 : 0.0)];

    private static double[] Sums(TorchLoss expected) =>
        [.. Enumerable.Range(0, expected.Gradient[0].Length).Select(k => expected.Gradient.Sum(row => row[k]))];
}
