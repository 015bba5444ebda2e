using CsCheck;

using Trainer.Kernels;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

public sealed class PartitionStateTests
{
    private const int Epochs = 3;
    private const float Rate = 1e-3f;

    [Fact]
    public void Restore_AnyStepIntoAnyNumberOfPartitions_GoesOnBitForBit()
    {
        var cases =
            from problem in TestProblem.Any
            from stop in Gen.Int[0, 1000]
            from before in Gen.Int[1, 4]
            from after in Gen.Int[1, 4]
            select (problem, stop, before, after);

        cases.Sample(
            each =>
            {
                int steps = each.problem.Shards.StepsPerEpoch;
                int all = Epochs * steps;
                int stop = each.stop % all;
                TestCluster undisturbed = Cluster(each.problem, each.before);
                Run(undisturbed, 0, stop, steps);
                PartitionState state = undisturbed.Capture();
                TestCluster resumed = Cluster(each.problem, each.after);

                resumed.Restore(state);

                Assert.Equal(stop, state.Version);
                AssertBits.Equal(undisturbed.Weights(), resumed.Weights());
                Run(undisturbed, stop, all, steps);
                Run(resumed, stop, all, steps);
                AssertBits.Equal(undisturbed.Weights(), resumed.Weights());
                AssertEqual(undisturbed.Capture(), resumed.Capture());
            },
            iter: 120,
            print: each => $"{each.problem.Architecture} {each.problem.Optimizer} {each.before} to {each.after} "
                + $"partitions, stop {each.stop}");
    }

    [Fact]
    public void Join_PartitionsOfTwoVersions_IsRefused()
    {
        PartitionState first = State(version: 3);

        ArgumentException error =
            Assert.Throws<ArgumentException>(() => PartitionState.Join([first, first with { Version = 4 }]));

        Assert.StartsWith("A partition is at version 4, another at 3;", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_StateOfAnotherOptimizer_IsRefused()
    {
        IOptimizer adam = new AdamSettings(0.9, 0.999, 1e-8, 0).Create(2);

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => adam.Restore(new SgdSettings(0.9, 0).Create(2).Capture()));

        Assert.Equal("The state has 1 vectors and 0 counters; this optimizer has 2 and 2.", error.Message);
    }

    [Fact]
    public void Restore_StateOfOtherParameters_IsRefused()
    {
        IOptimizer adam = new AdamSettings(0.9, 0.999, 1e-8, 0).Create(2);

        Assert.Throws<ArgumentException>(() => adam.Restore(new AdamSettings(0.9, 0.999, 1e-8, 0).Create(3).Capture()));
    }

    private static TestCluster Cluster(TestProblem problem, int partitions) =>
        new(problem, [.. Enumerable.Repeat(0, problem.Shards.Count)], threads: 1, partitions, seed: 1);

    private static void Run(TestCluster cluster, int first, int end, int stepsPerEpoch)
    {
        for (int step = first; step < end; step++)
        {
            cluster.RunStep(step / stepsPerEpoch, step % stepsPerEpoch, Rate * (1 + (step % 3)));
        }
    }

    private static PartitionState State(long version) =>
        new(version, new float[] { 1 }, new SgdSettings(0.9, 0).Create(1).Capture());

    private static void AssertEqual(PartitionState expected, PartitionState actual)
    {
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.Optimizer.Counters, actual.Optimizer.Counters);
        Assert.Equal(expected.Optimizer.Vectors.Length, actual.Optimizer.Vectors.Length);
        for (int i = 0; i < expected.Optimizer.Vectors.Length; i++)
        {
            AssertBits.Equal(expected.Optimizer.Vectors[i].Span, actual.Optimizer.Vectors[i].Span);
        }
    }
}
