using CsCheck;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Metrics;
using Trainer.Models;

using Xunit;

namespace Trainer.Training;

public sealed class EvaluatorTests
{
    // One block, two blocks, a short last one.
    public static MatrixTheoryData<OutputUnit, int> Parts => new(Enum.GetValues<OutputUnit>(), [1, 40, 512, 700]);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Evaluate_Rows_EqualsTheFloat64Reference(OutputUnit unit, int count)
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(unit, count);
        double[] logits = ReferenceLogits(network, weights, rows);

        EvaluationSums sums = Evaluator.Evaluate(network, weights, rows, SerialTeam.Instance);

        Assert.Equal(count, sums.RowCount);
        Assert.Equal(ReferenceLoss(network, weights, rows), sums.LossSum / count, 1e-5);
        Assert.Equal(sums.Correct, Diagonal(sums.Confusion));
        Assert.Equal(unit == OutputUnit.Linear ? 0 : count, sums.Confusion.Sum());
        switch (unit)
        {
            case OutputUnit.Linear:
                double[] first = [.. Enumerable.Range(0, count).Select(row => (double)rows.Targets[row * 3])];
                double mean = first.Average();
                Assert.Equal(mean, sums.TargetMean[0], 1e-12);
                Assert.Equal(first.Sum(target => (target - mean) * (target - mean)), sums.TargetSquares[0], 1e-9);
                Assert.Equal(
                    first.Select((t, row) => Math.Abs(logits[row * 3] - t)).Sum(), sums.AbsoluteErrors[0], 1e-3);
                Assert.Equal(
                    first.Select((t, row) => Math.Pow(logits[row * 3] - t, 2)).Sum(), sums.SquaredErrors[0], 1e-3);
                break;
            case OutputUnit.Sigmoid:
                Assert.Equal(rows.Targets.Count(target => target == 1f), sums.PositiveScores.Length);
                Assert.Equal(count, sums.PositiveScores.Length + sums.NegativeScores.Length);
                Assert.Equal(sums.PositiveScores.Order(), sums.PositiveScores);
                Assert.Equal(sums.NegativeScores.Order(), sums.NegativeScores);
                Assert.Equal(
                    sums.PositiveScores.Count(z => z >= 0) + sums.NegativeScores.Count(z => z < 0), sums.Correct);
                break;
            default:
                Assert.Equal(
                    rows.Targets.Where((label, row) => Largest(logits[(row * 3)..((row * 3) + 3)]) == label).Count(),
                    sums.Correct);
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Predict_Rows_EqualsTheFloat64Reference(OutputUnit unit, int count)
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(unit, count);
        double[] logits = ReferenceLogits(network, weights, rows);

        float[] predictions = Evaluator.Predict(network, weights, rows, SerialTeam.Instance);

        Assert.Equal(count * network.Outputs, predictions.Length);
        for (int row = 0; row < count; row++)
        {
            double[] z = logits[(row * network.Outputs)..((row + 1) * network.Outputs)];
            double sum = z.Sum(Math.Exp);
            for (int output = 0; output < z.Length; output++)
            {
                double expected = unit switch
                {
                    OutputUnit.Linear => z[output],
                    OutputUnit.Sigmoid => 1 / (1 + Math.Exp(-z[output])),
                    _ => Math.Exp(z[output]) / sum,
                };
                Assert.Equal(expected, predictions[(row * z.Length) + output], 1e-5);
            }
        }
    }

    [Fact]
    public void Predict_RowsWithoutTargets_NeedsNone()
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(OutputUnit.Softmax, 40);

        var unlabelled = new RowSet(rows.Count, rows.FeatureCount, 0, rows.Features, []);

        float[] predictions = Evaluator.Predict(network, weights, unlabelled, SerialTeam.Instance);

        AssertBits.Equal(Evaluator.Predict(network, weights, rows, SerialTeam.Instance), predictions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    public void HiddenOutputs_Rows_AreWhatTheOutputLayerSees(int count)
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(OutputUnit.Linear, count);
        float[] last = Parameters(network, weights)[(5 * 6)..];

        float[] hidden = Evaluator.HiddenOutputs(network, weights, rows, 0, SerialTeam.Instance);

        // y = V h + c, with V [3, 6] and c [3].
        IEnumerable<double> expected =
            from row in Enumerable.Range(0, count)
            from output in Enumerable.Range(0, 3)
            select Enumerable.Range(0, 6)
                .Sum(i => (double)last[(output * 6) + i] * hidden[(row * 6) + i]) + last[18 + output];
        float[] actual = Evaluator.Predict(network, weights, rows, SerialTeam.Instance);
        Assert.Equal(expected, actual.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void HiddenOutputs_NoSuchLayer_Throws()
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(OutputUnit.Linear, 1);

        Assert.Throws<ArgumentOutOfRangeException>(
            () => Evaluator.HiddenOutputs(network, weights, rows, 1, SerialTeam.Instance));
    }

    [Fact]
    public void Evaluate_AnyTeam_GivesTheSameBits() => TestProblem.Any.Sample(
        problem =>
        {
            var layout = new ParameterLayout(problem.Architecture);
            float[] weights = new float[layout.Length];
            WeightInitializer.Fill(layout, problem.Initialization, 1, new ParameterRange(0, weights.Length), weights);

            EvaluationSums Evaluate(IComputeTeam team) =>
                Evaluator.Evaluate(problem.Architecture, weights, problem.Rows, team);
            EvaluationSums serial = Evaluate(SerialTeam.Instance);
            EvaluationSums parallel = Evaluate(new ThreadTeam(2));

            Assert.Equivalent(serial, parallel, strict: true);
        },
        iter: 20);

    [Theory]
    [InlineData(OutputUnit.Linear)]
    [InlineData(OutputUnit.Sigmoid)]
    [InlineData(OutputUnit.Softmax)]
    public void Evaluate_NoRows_IsEmpty(OutputUnit unit)
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(unit, 0);

        EvaluationSums sums = Evaluator.Evaluate(network, weights, rows, SerialTeam.Instance);

        Assert.Equal(0, sums.RowCount);
        Assert.Equal(0, sums.LossSum);
        Assert.Empty(Evaluator.Predict(network, weights, rows, SerialTeam.Instance));
    }

    [Fact]
    public void Evaluate_WhatDoesNotFit_Throws()
    {
        (MlpArchitecture network, float[] weights, RowSet rows) = Part(OutputUnit.Linear, 4);

        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(network, [1f], rows, SerialTeam.Instance));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(
            network, weights, new RowSet(4, 3, rows.TargetWidth, new float[12], rows.Targets), SerialTeam.Instance));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(
            network, weights, new RowSet(4, rows.FeatureCount, 1, rows.Features, new float[4]), SerialTeam.Instance));
    }

    private static (MlpArchitecture Network, float[] Weights, RowSet Rows) Part(OutputUnit unit, int count)
    {
        MlpArchitecture network = TestProblem.Network(4, [6], Activation.Tanh, unit, 3);
        var layout = new ParameterLayout(network);
        float[] weights = new float[layout.Length];
        WeightInitializer.Fill(
            layout, WeightInitialization.PyTorch, 5, new ParameterRange(0, weights.Length), weights);
        return (network, weights, TestProblem.RandomRows(network, count, 2));
    }

    private static double[] ReferenceLogits(MlpArchitecture network, float[] weights, RowSet rows) =>
        new ReferenceMlp(network).Forward(Doubles(Parameters(network, weights)), Doubles(rows.Features), rows.Count);

    private static double ReferenceLoss(MlpArchitecture network, float[] weights, RowSet rows) =>
        new ReferenceMlp(network).Loss(
            Doubles(Parameters(network, weights)), Doubles(rows.Features), Doubles(rows.Targets), rows.Count);

    private static float[] Parameters(MlpArchitecture network, float[] weights) =>
        new ParameterLayout(network).ToRowMajor(weights);

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private static int Largest(double[] values) => Array.IndexOf(values, values.Max());

    private static long Diagonal(long[] confusion)
    {
        int classes = (int)Math.Sqrt(confusion.Length);
        return Enumerable.Range(0, classes).Sum(i => confusion[(i * classes) + i]);
    }
}
