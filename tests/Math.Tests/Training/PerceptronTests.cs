using Trainer.Backends;
using Trainer.Data;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

public sealed class PerceptronTests
{
    private static readonly MlpArchitecture Network =
        TestProblem.Network(2, [], Activation.Identity, OutputUnit.Sigmoid, 1, perceptron: true);

    [Fact]
    public void RunEpoch_SeparableRows_SeparatesThemAndStops()
    {
        RowSet rows = SeparableRows(60);
        using var loop = new TrainingLoop(
            Network,
            WeightInitialization.Zeros,
            new SgdSettings(0, 0),
            new LogicalShards(60, 1, 1, seed: 1, shuffle: true),
            rows,
            seed: 1);
        double loss = 1;

        for (int epoch = 0; loss > 0 && epoch < 200; epoch++)
        {
            loss = loop.RunEpoch(epoch, 0.1f);
        }

        EvaluationSums sums = Evaluator.Evaluate(Network, loop.Weights, rows, SerialTeam.Instance);
        Assert.Equal(0, loss);
        Assert.Equal(1, sums.ToMetrics()["accuracy"]);
    }

    [Fact]
    public void Predict_EitherSideAndBoundary_IsZeroOrOne()
    {
        float[] weights = new ParameterLayout(Network).FromRowMajor([1f, 0f, 0f]);
        var rows = new RowSet(3, 2, 0, [0.01f, 5f, -0.01f, 5f, 0f, 5f], []);

        float[] predictions = Evaluator.Predict(Network, weights, rows, SerialTeam.Instance);

        Assert.Equal([1f, 0f, 1f], predictions);
    }

    // On either side of x + y = 1, at least 0.2 away.
    private static RowSet SeparableRows(int count)
    {
        var random = new Random(1);
        float[] features = new float[count * 2];
        float[] targets = new float[count];
        for (int row = 0; row < count; row++)
        {
            targets[row] = row % 2;
            float x = random.NextSingle();
            (features[row * 2], features[(row * 2) + 1]) =
                (x, 1f - x + ((row % 2 == 0 ? -1f : 1f) * (0.2f + random.NextSingle())));
        }

        return new RowSet(count, 2, 1, features, targets);
    }
}
