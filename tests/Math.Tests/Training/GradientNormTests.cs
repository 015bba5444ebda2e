using CsCheck;

using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

public sealed class GradientNormTests
{
    [Fact]
    public void Norm_AnyPartitions_EqualsTheRuleWrittenPlainly()
    {
        var cases =
            from inputs in Gen.Int[1, 200]
            from hidden in Gen.Int[1, 70].Array[0, 2]
            from partitions in Gen.Int[1, 9]
            from seed in Gen.ULong
            select (inputs, hidden, partitions, seed);

        cases.Sample(
            each =>
            {
                var layout = new ParameterLayout(
                    TestProblem.Network(each.inputs, each.hidden, Activation.Relu, OutputUnit.Linear, 3));
                var random = new SeededRandom(each.seed, RandomStream.Generator);
                float[] gradient =
                    [.. Enumerable.Range(0, layout.Length).Select(i => random.Uniform(0, (ulong)i) - 0.5f)];
                var norm = new GradientNorm(layout);
                NormNode[] nodes =
                [
                    .. Enumerable.Range(0, each.partitions).Reverse().SelectMany(i =>
                    {
                        ParameterRange range = layout.Partition(i, each.partitions);
                        return norm.Nodes(range, gradient.AsMemory(range.Offset, range.Length));
                    }),
                ];

                Assert.Equal(Plain(layout, gradient), norm.Norm(nodes));
            },
            iter: 200);
    }

    [Fact]
    public void Norm_MissingPartition_Throws()
    {
        ParameterLayout layout = new(TestProblem.Network(200, [70], Activation.Relu, OutputUnit.Linear, 3));
        var norm = new GradientNorm(layout);
        ParameterRange first = layout.Partition(0, 2);

        NormNode[] nodes = norm.Nodes(first, new float[first.Length]);

        Assert.Throws<ArgumentException>(() => norm.Norm(nodes));
    }

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(0.5, 1f)]
    [InlineData(4, 0.25f)]
    [InlineData(1e30, 1e-30f)]
    public void Scale_Norm_IsThatOfPyTorch(double norm, float expected) =>
        Assert.Equal(expected, GradientNorm.Scale(norm, 1), 1e-6f);

    [Fact]
    public void Update_LongGradient_IsClippedAfterTheMean()
    {
        // One weight: the sum of 4 rows is 12, the mean 3, clipped to 0.5.
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(1, [], Activation.Identity, OutputUnit.Linear, 1),
            new SgdSettings(0, 0) { ClipNorm = 0.5 },
            rows: 4,
            batch: 4,
            shards: 1,
            seed: 1);
        var server = new PartitionServer(
            problem.Architecture, new ParameterRange(0, 64), WeightInitialization.Zeros, 1, problem.Optimizer,
            problem.Shards);
        float[] gradient = new float[64];
        gradient[0] = 12;
        server.Add(0, 0, new GradientNode(new Reduction.TreeNode(0, 0), gradient, 1, 4, 4));

        server.Update(1f, server.NormNodes());

        Assert.Equal(-0.5f, server.Weights.Span[0], 1e-6f);
        Assert.Equal(12, gradient[0]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Update_NonFiniteNormOfAnotherPartition_KeepsTheWeights(float value)
    {
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(1, [], Activation.Identity, OutputUnit.Linear, 1),
            new SgdSettings(0, 0) { ClipNorm = 0.5 },
            rows: 4,
            batch: 4,
            shards: 1,
            seed: 1);
        PartitionServer[] servers =
        [
            .. new[] { new ParameterRange(0, 32), new ParameterRange(32, 32) }.Select(range => new PartitionServer(
                problem.Architecture, range, WeightInitialization.Zeros, 1, problem.Optimizer, problem.Shards)),
        ];
        servers[0].Add(0, 0, new GradientNode(new Reduction.TreeNode(0, 0), new float[32], 1, 4, 4));
        float[] broken = new float[32];
        broken[3] = value;
        servers[1].Add(0, 0, new GradientNode(new Reduction.TreeNode(0, 0), broken, 1, 4, 4));
        NormNode[] norms = [.. servers.SelectMany(server => server.NormNodes())];

        StepOutcome[] outcomes = [.. servers.Select(server => server.Update(1f, norms))];

        Assert.Equal([StepOutcome.Gradient, "layers.0.bias"], outcomes.Select(outcome => outcome.NonFinite));
        Assert.All(servers, server => Assert.Equal(0, server.Version));
    }

    // Numerics A7, block by block and lane by lane.
    private static double Plain(ParameterLayout layout, float[] gradient)
    {
        List<double> blocks = [];
        foreach (LayerLayout layer in layout.Layers)
        {
            AddBlocks(gradient.AsSpan(layer.WeightOffset, layer.WeightLength), blocks);
            AddBlocks(gradient.AsSpan(layer.BiasOffset, layer.BiasLength), blocks);
        }

        // Level by level; the last of an odd number goes up as it is.
        while (blocks.Count > 1)
        {
            blocks = [.. blocks.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
        }

        return Math.Sqrt(blocks[0]);
    }

    private static void AddBlocks(ReadOnlySpan<float> tensor, List<double> blocks)
    {
        for (int start = 0; start < tensor.Length; start += 1024)
        {
            double[] lanes = new double[8];
            for (int i = start; i < Math.Min(start + 1024, tensor.Length); i++)
            {
                lanes[i % 8] += (double)tensor[i] * tensor[i];
            }

            double even = (lanes[0] + lanes[4]) + (lanes[2] + lanes[6]);
            double odd = (lanes[1] + lanes[5]) + (lanes[3] + lanes[7]);
            blocks.Add(even + odd);
        }
    }
}
