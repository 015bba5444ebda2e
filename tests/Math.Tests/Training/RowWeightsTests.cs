using CsCheck;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Golden;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

public sealed class RowWeightsTests
{
    private const int Rows = 9;

    /// <summary>The networks of every loss.</summary>
    public static TheoryData<OutputUnit, LossFunction> Losses => new()
    {
        { OutputUnit.Linear, LossFunction.MeanSquaredError },
        { OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy },
        { OutputUnit.Sigmoid, LossFunction.Perceptron },
        { OutputUnit.Softmax, LossFunction.CrossEntropy },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void ComputeGradients_RandomWeights_EqualTheReferenceTo1E5(OutputUnit unit, LossFunction loss)
    {
        TestProblem problem = Problem(unit, loss);
        var worker = new ShardWorker(
            problem.Architecture, problem.Shards, problem.RowsOf([0]), SerialTeam.Instance, problem.Objective);
        var layout = new ParameterLayout(problem.Architecture);
        worker.Weights = problem.DrawnWeights();
        double[] parameters = Doubles(layout.ToRowMajor(worker.Weights.Span));

        GradientNode root = Assert.Single(worker.ComputeGradients(0, 0));

        ReferencePass expected = Reference(problem).Backward(
            parameters, Doubles(problem.Rows.Features), Targets(problem), Rows, Doubles(problem.Rows.Weights));
        double[] mean =
            [.. layout.ToRowMajor(root.Gradient.Span).Select(value => value / root.WeightSum)];
        AssertClose.Equal(expected.Loss, root.Loss / root.WeightSum, 1e-5);
        AssertClose.Equal(expected.Gradient, mean, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void ReferenceBackward_RandomWeights_EqualsCentralDifferences(OutputUnit unit, LossFunction loss)
    {
        const double step = 1e-6;
        TestProblem problem = Problem(unit, loss);
        ReferenceMlp network = Reference(problem);
        var random = new Random(4);
        double[] parameters = [.. Enumerable.Range(0, network.ParameterCount).Select(_ => random.NextDouble() - 0.5)];
        double[] gradient = network.Backward(
            parameters, Doubles(problem.Rows.Features), Targets(problem), Rows, Doubles(problem.Rows.Weights)).Gradient;

        for (int i = 0; i < parameters.Length; i++)
        {
            Assert.Equal((Loss(i, step) - Loss(i, -step)) / (2 * step), gradient[i], 1e-8);
        }

        double Loss(int index, double change)
        {
            double[] changed = [.. parameters];
            changed[index] += change;
            return network.Loss(
                changed, Doubles(problem.Rows.Features), Targets(problem), Rows, Doubles(problem.Rows.Weights));
        }
    }

    [Fact]
    public void ReferenceLoss_WholeWeights_EqualsRowsThatRepeat()
    {
        var network = new ReferenceMlp(TestProblem.Network(1, [], Activation.Relu, OutputUnit.Linear, 1));

        double weighted = network.Loss([2, 0.5], [1, -1], [0, 3], 2, [1, 3]);
        double repeated = network.Loss([2, 0.5], [1, -1, -1, -1], [0, 3, 3, 3], 4);

        Assert.Equal(repeated, weighted, 1e-12);
    }

    [Fact]
    public void Loop_AllWeightsOne_HasTheBitsOfNoWeights() => TestProblem.Any.Sample(
        problem =>
        {
            float[] ones = [.. Enumerable.Repeat(1f, problem.Rows.Count)];
            TrainingLoop plain = (problem with { Rows = problem.Rows.Weighted([]) }).Loop();
            TrainingLoop weighted = (problem with { Rows = problem.Rows.Weighted(ones) }).Loop();

            Assert.Equal(plain.RunEpoch(0, 1e-3f), weighted.RunEpoch(0, 1e-3f));
            AssertBits.Equal(plain.Weights, weighted.Weights);
        },
        iter: 50);

    [Fact]
    public void Loop_RowsOfWeightZero_DoNotTeach()
    {
        TestProblem problem = Problem(OutputUnit.Softmax, LossFunction.CrossEntropy);
        float[] weights = [1, 0, 1, 1, 0, 1, 1, 1, 0];
        float[] features = [.. problem.Rows.Features];
        features.AsSpan(problem.Rows.FeatureCount, problem.Rows.FeatureCount).Fill(3f); // row 1
        TrainingLoop loop = (problem with { Rows = problem.Rows.Weighted(weights) }).Loop();
        var changed = new RowSet(
            problem.Rows.Count,
            problem.Rows.FeatureCount,
            problem.Rows.TargetWidth,
            features,
            problem.Rows.Targets,
            weights);
        TrainingLoop other = (problem with { Rows = changed }).Loop();

        Assert.Equal(loop.RunEpoch(0, 0.1f), other.RunEpoch(0, 0.1f));
        AssertBits.Equal(loop.Weights, other.Weights);
    }

    private static TestProblem Problem(OutputUnit unit, LossFunction loss) => TestProblem.Create(
        TestProblem.Network(3, [4], Activation.Tanh, unit, 3, loss == LossFunction.Perceptron),
        new SgdSettings(0, 0),
        Rows,
        Rows,
        shards: 1,
        seed: 7,
        shuffle: false,
        new TrainingObjective { ClassWeights = [0.5f, 2f, 4f] },
        weighted: true);

    private static ReferenceMlp Reference(TestProblem problem) => new(problem.Architecture, problem.Objective);

    private static double[] Targets(TestProblem problem) => Doubles(problem.Rows.Targets);

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
