using Trainer.Backends;
using Trainer.Data;
using Trainer.Losses;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Preprocessing;

using Xunit;

namespace Trainer.Training;

// From the embedded file to the test accuracy, in one process.
public sealed class DigitsTests
{
    private const int Epochs = 20;

    [Fact]
    public void RunEpoch_Digits_ReachesTheAccuracyOfOthersOverFiveSeeds()
    {
        double[] accuracies = [.. Enumerable.Range(0, 5).Select(seed => Accuracy((ulong)seed))];

        Assert.InRange(accuracies.Average(), 0.965, 1);
    }

    private static double Accuracy(ulong seed)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var request = new DataRequest(
            Catalogue.Find("digits"), [], [], [], [], 0.7, 0.15, 0.15, true, NumericScaling.Standardize, null, seed);
        var plan = DataPlan.Create(request, stop);
        Dictionary<DataPart, int[]?> parts = new() { [DataPart.Train] = null, [DataPart.Test] = null };
        IReadOnlyDictionary<DataPart, RowSet> rows = plan.Load(parts, stop);
        var network = new MlpArchitecture(
            plan.Inputs, [64], Activation.Relu, plan.Outputs, plan.OutputUnit, LossFunction.CrossEntropy);
        var shards = new LogicalShards(rows[DataPart.Train].Count, batchSize: 64, count: 4, seed, shuffle: true);
        var adam = new AdamSettings(0.9, 0.999, 1e-8, 0);
        using var loop = new TrainingLoop(network, WeightInitialization.He, adam, shards, rows[DataPart.Train], seed);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            loop.RunEpoch(epoch, 0.003f);
        }

        EvaluationSums sums = Evaluator.Evaluate(network, loop.Weights, rows[DataPart.Test], SerialTeam.Instance);
        return sums.ToMetrics()["accuracy"];
    }
}
