using CsCheck;

using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

/// <summary>The heart of the product: any cover, any threads, any partitions give the bits of the plain loop.</summary>
public sealed class SameBitsTests
{
    private const int Epochs = 2;

    // So small that no random problem diverges: a weighted linear one has curvatures of a few hundred.
    private const float Rate = 1e-3f;

    private static readonly RateCurve[] Curves =
        [new ConstantCurve(), new StepCurve(1, 0.5), new CosineCurve(1e-5)];

    [Fact]
    public void Workers_AnyCoverThreadsAndPartitions_EqualTheLoopBitForBit()
    {
        var cases =
            from problem in TestProblem.Any
            from workers in Gen.Int[1, 8]
            from contiguous in Gen.Bool
            from threads in Gen.Int[1, 3]
            from partitions in Gen.Int[1, 4]
            from seed in Gen.Int
            from curve in Gen.Int[0, Curves.Length - 1].Select(i => Curves[i])
            from warmup in Gen.Int[0, 3]
            select (problem, workers, contiguous, threads, partitions, seed, curve, warmup);

        cases.Sample(
            each =>
            {
                (TestProblem problem, int workers, bool contiguous, int threads, int partitions, int seed, _, _) = each;
                int steps = problem.Shards.StepsPerEpoch;
                var schedule = new LearningRateSchedule(Rate, each.warmup, steps, Epochs * steps, each.curve);
                TrainingLoop loop = problem.Loop();
                int[] cover = Cover(problem.Shards.Count, workers, contiguous, new Random(seed));
                var cluster = new TestCluster(problem, cover, threads, partitions, seed);
                for (int epoch = 0; epoch < Epochs; epoch++)
                {
                    double expected = loop.RunEpoch(epoch, schedule.Rate);
                    Assert.Equal(expected, cluster.RunEpoch(epoch, schedule.Rate));
                }

                AssertBits.Equal(loop.Weights, cluster.Weights());
            },
            iter: 150,
            print: each =>
                $"{each.problem.Architecture} {each.problem.Objective} {each.problem.Optimizer} {each.curve} "
                + $"{each.workers} workers, {each.threads} threads, seed {each.seed}");
    }

    [Theory]
    [InlineData(new[] { 0, 0, 0, 1, 1, 2, 2, 2 })]
    [InlineData(new[] { 0, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(new[] { 0, 1, 0, 1, 1, 0, 1, 0 })]
    public void Workers_UnevenCoverOfALargerNetwork_EqualTheLoopBitForBit(int[] cover)
    {
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(70, [90, 40], Activation.Relu, OutputUnit.Softmax, 10),
            new AdamSettings(0.9, 0.999, 1e-8, 0),
            rows: 301,
            batch: 128,
            shards: 8,
            seed: 5);
        TrainingLoop loop = problem.Loop();
        var cluster = new TestCluster(problem, cover, threads: 3, partitions: 3, seed: 1);

        double expected = loop.RunEpoch(0, Rate);
        double actual = cluster.RunEpoch(0, Rate);

        Assert.Equal(expected, actual);
        AssertBits.Equal(loop.Weights, cluster.Weights());
        Assert.True(cluster.SharedCalls > 0, "No product was shared between threads.");
    }

    [Fact]
    public void Loop_AnyProblem_EqualsTheRuleWrittenPlainly()
    {
        TestProblem.Any.Sample(
            problem =>
            {
                var layout = new ParameterLayout(problem.Architecture);
                var server = new PartitionServer(
                    problem.Architecture,
                    new ParameterRange(0, layout.Length),
                    problem.Initialization,
                    problem.Seed,
                    problem.Optimizer,
                    problem.Shards);
                var worker = new ShardWorker(
                    problem.Architecture,
                    problem.Shards,
                    problem.RowsOf(Enumerable.Range(0, problem.Shards.Count)),
                    SerialTeam.Instance,
                    problem.Objective);
                worker.Weights = server.Weights;
                var rule = new NaiveRule(problem);
                float[] parameters = layout.ToRowMajor(server.Weights.Span);

                // The last step: often short, with empty shards.
                int step = problem.Shards.StepsPerEpoch - 1;
                NaiveRule.Sum expected = rule.Mean(parameters, 3, step);
                GradientNode root = Assert.Single(worker.ComputeGradients(3, step));

                float[] mean = root.Gradient.ToArray();
                ElementwiseKernels.Scale(mean, root.WeightSum > 0 ? (float)(1 / root.WeightSum) : 1f);
                AssertBits.Equal(expected.Gradient, layout.ToRowMajor(mean));
                Assert.Equal(expected.Loss, root.Loss);
                Assert.Equal((expected.Rows, expected.Weights), (root.RowCount, root.WeightSum));

                // Padding lanes hold +0.
                AssertBits.Equal(layout.FromRowMajor(layout.ToRowMajor(mean)), mean);
            },
            iter: 100);
    }

    [Fact]
    public void Loop_BatchOfManyBlocks_ContinuesTheChains()
    {
        // Two shards of 700 rows: each spans blocks, and one block holds rows of both.
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(5, [9], Activation.Tanh, OutputUnit.Linear, 2),
            new SgdSettings(0, 0),
            rows: 1400,
            batch: 1400,
            shards: 2,
            seed: 9);
        var layout = new ParameterLayout(problem.Architecture);
        var worker = new ShardWorker(
            problem.Architecture, problem.Shards, problem.RowsOf([0, 1]), SerialTeam.Instance, problem.Objective);
        worker.Weights = problem.DrawnWeights();
        float[] parameters = layout.ToRowMajor(worker.Weights.Span);

        GradientNode root = Assert.Single(worker.ComputeGradients(0, 0));

        NaiveRule.Sum expected = new NaiveRule(problem).Mean(parameters, 0, 0);
        float[] mean = root.Gradient.ToArray();
        ElementwiseKernels.Scale(mean, 1f / 1400);
        AssertBits.Equal(expected.Gradient, layout.ToRowMajor(mean));
        Assert.Equal(expected.Loss, root.Loss);
    }

    // The worker of each shard: ascending ranges of random sizes, possibly none, or any worker for any shard.
    private static int[] Cover(int shards, int workers, bool contiguous, Random random)
    {
        int[] cover = [.. Enumerable.Range(0, shards).Select(_ => random.Next(workers))];
        if (contiguous)
        {
            Array.Sort(cover);
        }

        return cover;
    }
}
