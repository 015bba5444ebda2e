using CsCheck;

using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Reduction;

using Xunit;

namespace Trainer.Training;

public sealed class LayerNormTests
{
    [Fact]
    public void OfLayers_AnyPartitions_EqualsTheRuleWrittenPlainly()
    {
        var cases =
            from inputs in Gen.Int[1, 200]
            from hidden in Gen.Int[1, 70].Array[0, 3]
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
                double[] squares =
                [
                    .. Enumerable.Range(0, each.partitions).SelectMany(i =>
                    {
                        ParameterRange range = layout.Partition(i, each.partitions);
                        return norm.BlockSquares(range, gradient.AsMemory(range.Offset, range.Length));
                    }),
                ];

                Assert.Equal(
                    layout.Layers.Select(layer => Plain(layer, gradient)), norm.OfLayers(squares));
            },
            iter: 200);
    }

    [Fact]
    public void OfLayers_MissingPartition_Throws()
    {
        var layout = new ParameterLayout(TestProblem.Network(200, [70], Activation.Relu, OutputUnit.Linear, 3));
        var norm = new GradientNorm(layout);
        ParameterRange first = layout.Partition(0, 2);

        double[] squares = norm.BlockSquares(first, new float[first.Length]);

        Assert.Throws<ArgumentException>(() => norm.OfLayers(squares));
    }

    [Fact]
    public void MeanSquares_FourRows_OfTheMeanAndNothingChanges()
    {
        // Two inputs, one output: 64 weights with padding, 32 biases.
        PartitionServer server = Server();
        float[] gradient = new float[96];
        (gradient[0], gradient[32], gradient[64]) = (12, -16, 20);
        server.Add(0, 0, new GradientNode(new TreeNode(0, 0), gradient, 1, 4, 4));

        double[] squares = server.MeanSquares();

        Assert.Equal([25.0, 25.0], squares);
        Assert.Equal(squares, server.MeanSquares());
        server.Update(1f);
        Assert.Equal([-3f, 4f, -5f], new[] { 0, 32, 64 }.Select(i => server.Weights.Span[i]));
    }

    [Fact]
    public void MeanSquares_RootIncomplete_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Server().MeanSquares());

    private static PartitionServer Server()
    {
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(2, [], Activation.Identity, OutputUnit.Linear, 1),
            new SgdSettings(0, 0),
            rows: 4,
            batch: 4,
            shards: 1,
            seed: 1);
        return new PartitionServer(
            problem.Architecture, new ParameterRange(0, 96), WeightInitialization.Zeros, 1, problem.Optimizer,
            problem.Shards);
    }

    private static double Plain(LayerLayout layer, float[] gradient)
    {
        double sum = 0;
        foreach (float[] tensor in new[]
                 {
                     gradient[layer.WeightOffset..][..layer.WeightLength],
                     gradient[layer.BiasOffset..][..layer.BiasLength],
                 })
        {
            foreach (float[] block in tensor.Chunk(1024))
            {
                double[] lanes = new double[8];
                foreach ((int i, float value) in block.Index())
                {
                    lanes[i % 8] += (double)value * value;
                }

                double even = lanes[0] + lanes[4] + (lanes[2] + lanes[6]);
                double odd = lanes[1] + lanes[5] + (lanes[3] + lanes[7]);
                sum += even + odd;
            }
        }

        return Math.Sqrt(sum);
    }
}
