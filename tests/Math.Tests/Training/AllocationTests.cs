using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

[Collection(MeasuredAlone.Name)]
public sealed class AllocationTests
{
    private const int Rows = 160;
    private const int BatchSize = 16;
    private const int Steps = Rows / BatchSize;
    private const int Epochs = 8;

    public static TheoryData<OutputUnit, int> Networks => new()
    {
        { OutputUnit.Sigmoid, 1 }, { OutputUnit.Sigmoid, 4 }, { OutputUnit.Softmax, 2 }, { OutputUnit.Linear, 16 },
    };

    // The first step shuffles, the last gives the norms: all steps between must not allocate. The least of several
    // epochs counts: what the runtime itself adds to a thread's bytes, rarely, does not come back at the same step.
    [Theory]
    [MemberData(nameof(Networks))]
    public void RunEpoch_AfterTheFirst_StepsAllocateNothing(OutputUnit unit, int shards)
    {
        foreach (OptimizerSettings optimizer in new OptimizerSettings[]
            { new SgdSettings(0.9, 0.01), new AdamSettings(0.9, 0.999, 1e-8, 0) })
        {
            using var loop = new TrainingLoop(
                Network(unit),
                WeightInitialization.He,
                optimizer,
                new LogicalShards(Rows, BatchSize, shards, seed: 1, shuffle: true),
                RandomRows(unit),
                seed: 1);
            long[] allocated = new long[Epochs * Steps];
            float Rate(long step)
            {
                allocated[step] = GC.GetAllocatedBytesForCurrentThread();
                return 0.01f;
            }

            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                loop.RunEpoch(epoch, Rate);
            }

            for (int step = 2; step < Steps - 1; step++)
            {
                long least = Enumerable.Range(1, Epochs - 1)
                    .Min(epoch => allocated[(epoch * Steps) + step] - allocated[(epoch * Steps) + step - 1]);
                Assert.Equal(0, least);
            }
        }
    }

    private static MlpArchitecture Network(OutputUnit unit) => new(
        7,
        [40, 5],
        Activation.Tanh,
        unit == OutputUnit.Sigmoid ? 1 : 3,
        unit,
        unit switch
        {
            OutputUnit.Sigmoid => LossFunction.BinaryCrossEntropy,
            OutputUnit.Softmax => LossFunction.CrossEntropy,
            _ => LossFunction.MeanSquaredError,
        });

    private static RowSet RandomRows(OutputUnit unit)
    {
        int width = Mlp.TargetWidth(Network(unit));
        float[] features = [.. Enumerable.Range(0, Rows * 7).Select(i => MathF.Sin(i))];
        float[] targets = [.. Enumerable.Range(0, Rows * width).Select(i => (float)(i % 2))];
        return new RowSet(Rows, 7, width, features, targets);
    }
}
