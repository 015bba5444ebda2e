using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

public sealed class TrainingLoopTests
{
    private static readonly RowSet Xor = new(4, 2, 1, [0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0]);

    private static readonly MlpArchitecture Network =
        new(2, [8], Activation.Tanh, 1, OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy);

    [Fact]
    public void RunEpoch_Xor_LearnsIt()
    {
        using var loop = new TrainingLoop(
            Network,
            WeightInitialization.Xavier,
            new AdamSettings(0.9, 0.999, 1e-8, 0),
            new LogicalShards(4, 4, 4, 1, true),
            Xor,
            1);

        double loss = double.NaN;
        for (int epoch = 0; epoch < 300; epoch++)
        {
            loss = loop.RunEpoch(epoch, 0.05f);
        }

        Assert.InRange(loss, 0, 0.02);
    }

    [Fact]
    public void RunEpoch_AbsurdRate_NamesStepEpochAndTensor()
    {
        var network = new MlpArchitecture(
            1, [], Activation.Identity, 1, OutputUnit.Linear, LossFunction.MeanSquaredError);
        using var loop = new TrainingLoop(
            network,
            WeightInitialization.Zeros,
            new SgdSettings(0, 0),
            new LogicalShards(2, 1, 1, 1, false),
            new RowSet(2, 1, 1, [1e30f, 1e30f], [1e9f, 1e9f]),
            1);

        ArithmeticException error = Assert.Throws<ArithmeticException>(() => loop.RunEpoch(4, 1f));

        Assert.Equal(
            "Training diverged in step 0 of epoch 4: 'layers.0.weight' is NaN or infinite; lower the learning rate.",
            error.Message);
        Assert.Equal(new float[64], loop.Weights.ToArray());
    }

    [Fact]
    public void Constructor_OtherRowCount_NamesBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new TrainingLoop(
            Network, WeightInitialization.Xavier, new SgdSettings(0, 0), new LogicalShards(5, 4, 4, 1, true), Xor, 1));

        Assert.StartsWith("The logical shards are over 5 rows; 4 were given.", error.Message, StringComparison.Ordinal);
    }
}
