using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

public sealed class TrainingLoopTests
{
    [Fact]
    public void RunEpoch_Xor_LearnsIt()
    {
        var xor = new RowSet(4, 2, 1, [0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0]);
        var network = new MlpArchitecture(
            2, [8], Activation.Tanh, 1, OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy);
        var loop = new TrainingLoop(
            network,
            WeightInitialization.Xavier,
            new AdamSettings(0.9, 0.999, 1e-8, 0),
            new LogicalShards(4, 4, 4, 1, true),
            xor,
            1);

        double loss = double.NaN;
        for (int epoch = 0; epoch < 300; epoch++)
        {
            loss = loop.RunEpoch(epoch, 0.05f);
        }

        Assert.InRange(loss, 0, 0.02);
    }
}
