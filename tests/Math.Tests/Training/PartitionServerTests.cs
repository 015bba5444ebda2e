using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Reduction;

using Xunit;

namespace Trainer.Training;

public sealed class PartitionServerTests
{
    // Batches of 19 over 8 shards; the second step has 8 rows in shards 0 to 2.
    private static readonly TestProblem Problem = TestProblem.Create(
        TestProblem.Network(3, [5], Activation.Relu, OutputUnit.Softmax, 3),
        new SgdSettings(0, 0),
        rows: 27,
        batch: 19,
        shards: 8,
        seed: 1);

    private static readonly ParameterLayout Layout = new(Problem.Architecture);

    private static readonly ParameterRange Whole = new(0, Layout.Length);

    [Fact]
    public void Add_AnyOrder_SumsAlongTheTree()
    {
        float[] weights = Server().Weights.ToArray();
        float[][] leaves = [.. Enumerable.Range(0, 8).Select(shard => Random(shard))];
        float[] expected = Step(weights, Add(
            Add(Add(leaves[0], leaves[1]), Add(leaves[2], leaves[3])),
            Add(Add(leaves[4], leaves[5]), Add(leaves[6], leaves[7]))));
        for (int seed = 0; seed < 20; seed++)
        {
            int[] order = [.. Enumerable.Range(0, 8)];
            new Random(seed).Shuffle(order);
            PartitionServer server = Server();

            bool[] complete = [.. order.Select(shard => server.Add(0, 0, Leaf(shard, leaves[shard])))];

            StepOutcome outcome = server.Update(0.1f);
            Assert.Equal([false, false, false, false, false, false, false, true], complete);
            Assert.Equal(new StepOutcome(36, 19, 19, null), outcome);
            Assert.Equal(1, server.Version);
            AssertBits.Equal(expected, server.Weights.Span);
        }
    }

    [Fact]
    public void Add_EmptyShards_AreAbsent()
    {
        // One shard alone is the root: nothing is added to it, so a -0 stays a -0.
        TestProblem problem = TestProblem.Create(
            Problem.Architecture, new SgdSettings(0, 0), rows: 9, batch: 8, shards: 8, seed: 1);
        var server = new PartitionServer(
            problem.Architecture, Whole, WeightInitialization.Zeros, 1, problem.Optimizer, problem.Shards);
        float[] gradient = Random(3);

        bool complete = server.Add(0, 1, new GradientNode(new TreeNode(0, 0), gradient, 2, 1, 1));

        Assert.True(complete);
        Assert.Equal(new StepOutcome(2, 1, 1, null), server.Update(0.1f));
        AssertBits.Equal(Step(new float[Whole.Length], gradient, rows: 1), server.Weights.Span);
    }

    [Fact]
    public void Add_RepeatedAndOverlappingNodes_CountOnce()
    {
        float[][] leaves = [.. Enumerable.Range(0, 8).Select(shard => Random(shard))];
        float[] left = Add(Add(leaves[0], leaves[1]), Add(leaves[2], leaves[3]));
        float[] right = Add(Add(leaves[4], leaves[5]), Add(leaves[6], leaves[7]));
        PartitionServer server = Server();
        float[] expected = Step(server.Weights.ToArray(), Add(left, right));

        // A worker was replaced: its shards come again, cut otherwise.
        server.Add(0, 0, Leaf(0, leaves[0]));
        server.Add(0, 0, Leaf(0, leaves[0]));
        server.Add(0, 0, Leaf(2, leaves[2]));
        server.Add(0, 0, Leaf(3, leaves[3]));
        server.Add(0, 0, Node(2, 0, left));
        server.Add(0, 0, Leaf(1, leaves[1]));
        server.Add(0, 0, Node(1, 0, Add(leaves[0], leaves[1])));
        server.Add(0, 0, Leaf(5, leaves[5]));
        bool complete = server.Add(0, 0, Node(2, 1, right));
        bool again = server.Add(0, 0, Leaf(6, leaves[6]));

        Assert.True(complete);
        Assert.True(again);
        Assert.Equal(new StepOutcome(36, 19, 19, null), server.Update(0.1f));
        AssertBits.Equal(expected, server.Weights.Span);
    }

    [Fact]
    public void Add_GivenMemory_IsNeverWritten()
    {
        float[][] leaves = [.. Enumerable.Range(0, 8).Select(shard => Random(shard))];
        PartitionServer server = Server();

        for (int step = 0; step < 3; step++)
        {
            for (int shard = 7; shard >= 0; shard--)
            {
                server.Add(step, 0, Leaf(shard, leaves[shard]));
            }

            server.Update(0.1f);
        }

        Assert.All(Enumerable.Range(0, 8), shard => AssertBits.Equal(Random(shard), leaves[shard]));
    }

    [Fact]
    public void Update_OldWeights_StayUntouchedUntilTheNextButOne()
    {
        PartitionServer server = Server();
        Complete(server, Random(1));
        server.Update(0.1f);
        ReadOnlyMemory<float> old = server.Weights;
        float[] copy = old.ToArray();

        Complete(server, Random(2));
        server.Update(0.1f);

        AssertBits.Equal(copy, old.Span);
        Assert.NotEqual(copy, server.Weights.ToArray());
    }

    [Fact]
    public void Add_OlderVersion_IsIgnored()
    {
        PartitionServer server = Server();
        Complete(server, Random(1));
        server.Update(0.1f);

        Assert.False(server.Add(0, 0, Node(3, 0, Random(2))));
        Assert.Throws<InvalidOperationException>(() => server.Update(0.1f));
    }

    [Fact]
    public void Add_NewerVersionOrOtherStep_Throws()
    {
        PartitionServer server = Server();
        server.Add(0, 0, Leaf(0, Random(1)));

        Assert.Throws<ArgumentException>(() => server.Add(1, 0, Leaf(1, Random(1))));
        Assert.Throws<ArgumentException>(() => server.Add(0, 1, Leaf(1, Random(1)) with { RowCount = 3 }));
    }

    [Theory]
    [InlineData(2, 1, 0, "TreeNode { Level = 2, Index = 1 } covers no rows of step 1; allowed are nodes over")]
    [InlineData(4, 0, 8, "TreeNode { Level = 4, Index = 0 } covers no rows of step 1; allowed are nodes over")]
    [InlineData(2, 0, 9, "TreeNode { Level = 2, Index = 0 } has 8 rows in step 1; a gradient over 9 came.")]
    public void Add_NodeOutsideTheStep_SaysWhatIsAllowed(int level, int index, int rows, string message)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Server().Add(0, 1, new GradientNode(new TreeNode(level, index), Random(1), 1, rows, rows)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OtherLength_Throws() => Assert.Throws<ArgumentException>(
        () => Server().Add(0, 0, new GradientNode(new TreeNode(3, 0), new float[3], 1, 19, 19)));

    [Fact]
    public void Update_Incomplete_Throws()
    {
        PartitionServer server = Server();
        server.Add(0, 0, Leaf(0, Random(1)));

        Assert.Throws<InvalidOperationException>(() => server.Update(0.1f));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Update_NonFiniteLoss_NamesTheLossAndKeepsTheWeights(double loss)
    {
        PartitionServer server = Server();
        float[] before = server.Weights.ToArray();
        server.Add(0, 0, new GradientNode(new TreeNode(3, 0), Random(1), loss, 19, 19));

        StepOutcome outcome = server.Update(0.1f);

        Assert.Equal("loss", outcome.NonFinite);
        Assert.Equal(0, server.Version);
        AssertBits.Equal(before, server.Weights.Span);
    }

    [Theory]
    [InlineData(0, float.NaN, "layers.0.weight")]
    [InlineData(96, float.PositiveInfinity, "layers.0.bias")]
    [InlineData(128, float.NegativeInfinity, "layers.1.weight")]
    public void Update_NonFiniteGradient_NamesTheTensorAndKeepsTheWeights(int at, float value, string name)
    {
        PartitionServer server = Server();
        float[] before = server.Weights.ToArray();
        float[] gradient = Random(1);
        gradient[at] = value;
        Complete(server, gradient);

        StepOutcome outcome = server.Update(0.1f);

        Assert.Equal(name, outcome.NonFinite);
        Assert.Equal(0, server.Version);
        AssertBits.Equal(before, server.Weights.Span);
    }

    [Fact]
    public void Update_WeightsOverflow_NamesTheTensorAndKeepsTheWeights()
    {
        PartitionServer server = Server();
        float[] gradient = Random(1);
        gradient[128] = 1e38f;
        Complete(server, gradient);

        StepOutcome outcome = server.Update(1e6f);

        Assert.Equal("layers.1.weight", outcome.NonFinite);
        Assert.All(server.Weights.ToArray(), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void Update_SecondPartition_NamesTheTensorOfTheWholeVector()
    {
        var server = new PartitionServer(
            Problem.Architecture,
            new ParameterRange(128, Layout.Length - 128),
            Problem.Initialization,
            1,
            Problem.Optimizer,
            Problem.Shards);
        float[] gradient = new float[Layout.Length - 128];
        gradient[^32] = float.NaN;
        server.Add(0, 0, new GradientNode(new TreeNode(3, 0), gradient, 1, 19, 19));

        Assert.Equal("layers.1.bias", server.Update(0.1f).NonFinite);
    }

    [Fact]
    public void Update_EmptyPartition_StillSumsTheLoss()
    {
        var server = new PartitionServer(
            Problem.Architecture,
            new ParameterRange(64, 0),
            Problem.Initialization,
            1,
            Problem.Optimizer,
            Problem.Shards);
        for (int shard = 0; shard < 8; shard++)
        {
            server.Add(0, 0, Leaf(shard, []));
        }

        Assert.Equal(new StepOutcome(36, 19, 19, null), server.Update(0.1f));
        Assert.Equal(1, server.Version);
    }

    [Fact]
    public void Update_WeightedRows_DividesByTheSumOfTheWeights()
    {
        PartitionServer server = Server();
        float[] before = server.Weights.ToArray();
        server.Add(0, 0, new GradientNode(new TreeNode(3, 0), Random(1), 5, 19, 7.5));

        StepOutcome outcome = server.Update(0.1f);

        float scale = (float)(1 / 7.5);
        float[] expected =
            [.. before.Zip(Random(1), (w, g) => MathF.FusedMultiplyAdd(-0.1f, g * scale, w))];
        Assert.Equal(new StepOutcome(5, 19, 7.5, null), outcome);
        AssertBits.Equal(expected, server.Weights.Span);
    }

    [Fact]
    public void Update_NoRowHasWeight_ChangesNothingButTheVersion()
    {
        PartitionServer server = Server();
        float[] before = server.Weights.ToArray();
        server.Add(0, 0, new GradientNode(new TreeNode(3, 0), new float[Layout.Length], 0, 19, 0));

        StepOutcome outcome = server.Update(0.1f);

        Assert.Equal(new StepOutcome(0, 19, 0, null), outcome);
        Assert.Equal(1, server.Version);
        AssertBits.Equal(before, server.Weights.Span);
    }

    [Fact]
    public void SetWeights_Values_AreCopiedAndTheVersionStays()
    {
        PartitionServer server = Server();
        float[] weights = Random(9);

        server.SetWeights(weights);
        weights[0] = 77f;

        AssertBits.Equal(Random(9), server.Weights.Span);
        Assert.Equal(0, server.Version);
        Assert.Throws<ArgumentException>(() => server.SetWeights(new float[3]));
    }

    [Fact]
    public void SetWeights_UnfinishedStep_DropsItsGradients()
    {
        PartitionServer server = Server();
        server.Add(0, 0, Node(2, 0, Random(1)));

        server.SetWeights(Random(9));

        Assert.False(server.Add(0, 0, Node(2, 1, Random(2))));
    }

    private static PartitionServer Server() => new(
        Problem.Architecture, Whole, Problem.Initialization, 1, Problem.Optimizer, Problem.Shards);

    private static void Complete(PartitionServer server, float[] gradient) =>
        server.Add(server.Version, 0, Node(3, 0, gradient));

    private static GradientNode Leaf(int shard, float[] gradient) =>
        new(
            new TreeNode(0, shard),
            gradient,
            shard + 1,
            Problem.Shards.RowsInStep(0, shard),
            Problem.Shards.RowsInStep(0, shard));

    private static GradientNode Node(int level, int index, float[] gradient)
    {
        IEnumerable<int> shards = Enumerable.Range(index << level, 1 << level);
        int rows = shards.Sum(shard => Problem.Shards.RowsInStep(0, shard));
        return new GradientNode(
            new TreeNode(level, index),
            gradient,
            shards.Sum(shard => shard + 1),
            rows,
            rows);
    }

    private static float[] Random(int seed)
    {
        var random = new SeededRandom((ulong)seed, RandomStream.Generator);
        return [.. Enumerable.Range(0, Whole.Length).Select(i => i == 7 ? -0f : random.Uniform(0, (ulong)i) - 0.5f)];
    }

    private static float[] Add(float[] left, float[] right) => [.. left.Zip(right, (a, b) => a + b)];

    private static float[] Step(float[] weights, float[] sum, int rows = 19) =>
        [.. weights.Zip(sum, (w, g) => MathF.FusedMultiplyAdd(-0.1f, g * (1f / rows), w))];
}
