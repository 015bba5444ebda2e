using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Training;

using Xunit;

namespace Trainer.Backends;

public sealed class CpuBackendTests
{
    private static readonly TestProblem Problem = TestProblem.Create(
        TestProblem.Network(6, [9], Activation.Tanh, OutputUnit.Softmax, 4),
        new SgdSettings(0.9, 0.01),
        rows: 44,
        batch: 16,
        shards: 4,
        seed: 3);

    private static readonly ParameterRange Whole = new(0, new ParameterLayout(Problem.Architecture).Length);

    [Fact]
    public void OpenLocal_SomeShards_IsRefused()
    {
        using IShardSession some = Shards(0, 2);
        using IPartitionSession partition = CpuBackend.OneThread.OpenPartition(Problem.Setup, Whole);

        ArgumentException error =
            Assert.Throws<ArgumentException>(() => CpuBackend.OneThread.OpenLocal(some, partition));

        Assert.StartsWith("A worker of 2 logical shards", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenLocal_SomeParameters_IsRefused()
    {
        using IShardSession shards = Shards(0, 4);
        ParameterRange half = new ParameterLayout(Problem.Architecture).Partition(0, 2);
        using IPartitionSession partition = CpuBackend.OneThread.OpenPartition(Problem.Setup, half);

        Assert.Throws<ArgumentException>(() => CpuBackend.OneThread.OpenLocal(shards, partition));
    }

    [Fact]
    public void Run_GoesOnIsFalse_StopsAfterOneStepAndGoesOnLater()
    {
        using IShardSession shards = Shards(0, 4);
        using IPartitionSession partition = CpuBackend.OneThread.OpenPartition(Problem.Setup, Whole);
        ILocalSession local = CpuBackend.OneThread.OpenLocal(shards, partition);
        float[] rates = [0.1f, 0.05f, 0.02f];
        using TrainingLoop loop = Problem.Loop();
        double expected = loop.RunEpoch(0, step => rates[step]);

        StepTotals first = local.Run(new LocalSteps(0, 0, rates, true), default, () => false);
        StepTotals all = local.Run(new LocalSteps(0, 1, rates.AsMemory(1), true), first, () => true);

        Assert.Equal((1, 16), (first.Completed, first.RowCount));
        Assert.True(first.GradientNorms.IsDefault);
        Assert.Equal((3, 44), (all.Completed, all.RowCount));
        Assert.Equal(expected, all.LossSum / all.WeightSum);
        Assert.Equal(loop.GradientNorms.ToArray(), all.GradientNorms);
        AssertBits.Equal(loop.Weights, partition.Weights.Span);
        AssertBits.Equal(loop.Weights, shards.Weights.Span);
    }

    private static IShardSession Shards(int first, int count) =>
        CpuBackend.OneThread.OpenShards(Problem.Setup, Problem.RowsOf(Enumerable.Range(first, count)));
}
