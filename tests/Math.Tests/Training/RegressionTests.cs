using System.Security.Cryptography;

using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;

using Xunit;

namespace Trainer.Training;

public sealed class RegressionTests
{
    // Units far apart, and a feature that says nothing: neither may matter.
    private static readonly double[] Units = [1, 1000, 0.001, 0];
    private static readonly double[] Centres = [0, 5000, 0.1, 7];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OutputUnit.Sigmoid, 1, 0.7)]
    [InlineData(OutputUnit.Softmax, 3, 0.7)]
    [InlineData(OutputUnit.Sigmoid, 1, 0)]
    [InlineData(OutputUnit.Softmax, 3, 0)]
    public void Fit_Classes_HasNoSlopeLeft(OutputUnit unit, int outputs, double noise)
    {
        // Without noise the classes are separable: only the penalty keeps the weights finite.
        RowSet rows = Classes(200, unit == OutputUnit.Sigmoid ? 2 : outputs, noise);

        RegressionModel model = Fit(rows, unit, outputs);

        double[] parameters = Unscaled(model, outputs);
        for (int i = 0; i < parameters.Length; i++)
        {
            // Each weight in the units of its feature or of the penalty: that is where the objective bends alike.
            double scale = (i % 5) < 4 ? Math.Max(Math.Sqrt(4.0 / rows.Count), Units[i % 5]) : 1;
            double slope = Slope(rows, unit, outputs, parameters, i, 1e-5 / scale) / scale;
            Assert.True(Math.Abs(slope) < 2e-5, $"Slope {slope} of parameter {i}.");
        }
    }

    [Fact]
    public void Fit_ConstantFeature_HasNoWeight()
    {
        RegressionModel model = Fit(Classes(200, 2, 0.7), OutputUnit.Sigmoid, 1);

        Assert.Equal(0, model.Parameters[3], 1e-12);
    }

    [Fact]
    public void Fit_AnyProcessor_HasTheSameBits()
    {
        double[] parameters = Fit(Classes(200, 3, 0.7), OutputUnit.Softmax, 3).Parameters;

        // The suite runs under four instruction sets: all must have this hash.
        byte[] bytes = [.. parameters.SelectMany(BitConverter.GetBytes)];
        Assert.Equal("fdbbcf006931c3e1", Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    [Fact]
    public void Fit_LinearTarget_FindsItsCoefficients()
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 50 * 4).Select(i => Feature(random, i % 4))];
        float[] targets = [.. features.Chunk(4).Select(x => (float)((2 * x[0]) - (0.003 * x[1]) + (500 * x[2]) + 1))];

        RegressionModel model = Fit(new RowSet(50, 4, 1, features, targets), OutputUnit.Linear, 1);

        double[] found = Unscaled(model, 1);
        Assert.Equal(2, found[0], 1e-5);
        Assert.Equal(-0.003, found[1], 1e-8);
        Assert.Equal(500, found[2], 1e-2);
        Assert.Equal(0, found[3]);
        Assert.Equal(1, found[4], 1e-2);
    }

    [Fact]
    public void Fit_CollinearFeatures_PredictsAllTheSame()
    {
        // A whole one-hot column: its indicators sum to 1, as the bias does.
        float[] features = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0];
        var rows = new RowSet(5, 3, 1, features, [1, 2, 6, 3, 4]);

        RegressionModel model = Fit(rows, OutputUnit.Linear, 1);

        double[] predictions = new double[5];
        model.Forward(rows, [0, 1, 2, 3, 4], predictions);
        Assert.Equal([2, 3, 6, 2, 3], predictions, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Fit_ManyFeatures_IteratesToTheClosedForm()
    {
        // 1600 features and 4000 rows: too much for the normal equations, so that the iteration has to find the same.
        var random = new Random(3);
        float[] features = [.. Enumerable.Range(0, 4000 * 1600).Select(_ => random.NextSingle() - 0.5f)];
        float[] targets = [.. features.Chunk(1600).Select(x => x[0] - (2 * x[1599]) + 3)];
        var rows = new RowSet(4000, 1600, 1, features, targets);

        RegressionModel model = Fit(rows, OutputUnit.Linear, 1);

        double[] predictions = new double[4];
        model.Forward(rows, [0, 1, 2, 3], predictions);
        Assert.Equal(targets[..4].Select(target => (double)target), predictions, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Fit_MoreWorkThanTheBudget_IsLeftOut()
    {
        var rows = new RowSet(600, 3000, 1, new float[600 * 3000], new float[600]);

        Assert.Null(Regression.Fit(rows, OutputUnit.Softmax, 1000, Stop));
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => Regression.Fit(Classes(200, 2, 0.7), OutputUnit.Sigmoid, 1, cancelled.Token));
    }

    private static RegressionModel Fit(RowSet rows, OutputUnit unit, int outputs)
    {
        RegressionModel? model = Regression.Fit(rows, unit, outputs, Stop);
        Assert.NotNull(model);
        return model;
    }

    private static float Feature(Random random, int column) =>
        (float)(Centres[column] + (Units[column] * ((random.NextDouble() * 2) - 1)));

    // The class follows the first three features, in their units; with noise the classes overlap.
    private static RowSet Classes(int count, int classes, double noise)
    {
        var random = new Random(2);
        float[] features = [.. Enumerable.Range(0, count * 4).Select(i => Feature(random, i % 4))];
        float[] targets =
        [
            .. features.Chunk(4).Select(x =>
            {
                double score = x[0] + ((x[1] - 5000) / 1000) - ((x[2] - 0.1) / 0.001) + (noise * random.NextDouble());
                return (float)Math.Clamp((int)Math.Floor((score + 1.5) * classes / 3), 0, classes - 1);
            }),
        ];
        return new RowSet(count, 4, 1, features, targets);
    }

    // Weights [O, I] and biases of the features as they are, each output's bias after its weights.
    private static double[] Unscaled(RegressionModel model, int outputs)
    {
        float[] points = [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        double[] logits = new double[5 * outputs];
        model.Forward(new RowSet(5, 4, 1, points, new float[5]), [0, 1, 2, 3, 4], logits);
        return
        [
            .. from output in Enumerable.Range(0, outputs)
               from point in new[] { 1, 2, 3, 4, 0 }
               select logits[(point * outputs) + output] - (point == 0 ? 0 : logits[output]),
        ];
    }

    // Central difference of the mean loss of the float64 reference + |w|^2 / 2n.
    private static double Slope(RowSet rows, OutputUnit unit, int outputs, double[] parameters, int index, double step)
    {
        LossFunction loss = unit == OutputUnit.Sigmoid ? LossFunction.BinaryCrossEntropy : LossFunction.CrossEntropy;
        var network = new ReferenceMlp(new MlpArchitecture(4, [], Activation.Identity, outputs, unit, loss));
        double[] features = [.. rows.Features];
        double[] targets = [.. rows.Targets];
        return (Objective(step) - Objective(-step)) / (2 * step);

        double Objective(double shift)
        {
            double[] moved = [.. parameters];
            moved[index] += shift;
            double[] weights = [.. moved.Chunk(5).SelectMany(output => output[..4])];
            double[] biases = [.. moved.Chunk(5).Select(output => output[4])];
            return network.Loss([.. weights, .. biases], features, targets, rows.Count)
                + (weights.Sum(weight => weight * weight) / (2 * rows.Count));
        }
    }
}
