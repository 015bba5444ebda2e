using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Reduction;

using Xunit;

namespace Trainer.Training;

public sealed class SkippedBatchTests
{
    private static readonly OptimizerSettings Adam = new AdamSettings(0.9, 0.999, 1e-8, 0);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Update_GradientNotFinite_LeavesAllButTheVersion(float bad)
    {
        (PartitionServer server, TestProblem problem) = Create(Adam with { SkipNonFinite = true });
        Step(server, problem, 0, 1f);
        PartitionState before = server.Capture();
        float[] gradient = new float[server.Weights.Length];
        gradient[5] = bad;

        StepOutcome outcome = Step(server, problem, 1, gradient, loss: 3);

        PartitionState after = server.Capture();
        Assert.Equal(new StepOutcome(0, 4, 0, null) { Skipped = "layers.0.weight" }, outcome);
        Assert.Equal(2, after.Version);
        AssertBits.Equal(before.Weights.Span, after.Weights.Span);
        Assert.Equal(before.Optimizer.Counters, after.Optimizer.Counters);
        for (int i = 0; i < 2; i++)
        {
            AssertBits.Equal(before.Optimizer.Vectors[i].Span, after.Optimizer.Vectors[i].Span);
        }
    }

    [Fact]
    public void Update_LossNotFinite_IsSkipped()
    {
        (PartitionServer server, TestProblem problem) = Create(Adam with { SkipNonFinite = true });
        PartitionState before = server.Capture();

        StepOutcome outcome = Step(server, problem, 0, new float[server.Weights.Length], double.NaN);

        Assert.Equal("loss", outcome.Skipped);
        Assert.Null(outcome.NonFinite);
        AssertBits.Equal(before.Weights.Span, server.Weights.Span);
    }

    [Fact]
    public void Update_GradientOfAnotherPartitionNotFinite_IsSkippedHereToo()
    {
        (PartitionServer server, TestProblem problem) = Create(Adam with { SkipNonFinite = true });
        PartitionState before = server.Capture();
        float[] gradient = new float[server.Weights.Length];
        Add(server, problem, 0, gradient, loss: 1);
        NormNode[] own = server.NormNodes();

        StepOutcome outcome = server.Update(0.1f, [own[0] with { Squares = double.NaN }, .. own[1..]]);

        Assert.Equal(StepOutcome.Gradient, outcome.Skipped);
        AssertBits.Equal(before.Weights.Span, server.Weights.Span);
    }

    [Fact]
    public void Update_FiniteBatches_HaveTheBitsOfAJobThatDoesNotSkip()
    {
        (PartitionServer skipping, TestProblem problem) = Create(Adam with { SkipNonFinite = true });
        (PartitionServer plain, _) = Create(Adam);

        for (int step = 0; step < 3; step++)
        {
            Step(skipping, problem, step, 0.3f);
            Step(plain, problem, step, 0.3f);
        }

        AssertBits.Equal(plain.Weights.Span, skipping.Weights.Span);
    }

    [Fact]
    public void Update_WeightBecomesInfinite_IsNotSkipped()
    {
        (PartitionServer server, TestProblem problem) = Create(new SgdSettings(0, 0) { SkipNonFinite = true });
        float[] gradient = new float[server.Weights.Length];
        gradient[0] = float.MaxValue;

        StepOutcome outcome = Step(server, problem, 0, gradient, loss: 1, rate: float.MaxValue);

        Assert.Equal("layers.0.weight", outcome.NonFinite);
        Assert.Null(outcome.Skipped);
    }

    private static (PartitionServer Server, TestProblem Problem) Create(OptimizerSettings optimizer)
    {
        var problem = TestProblem.Create(
            TestProblem.Network(3, [5], Activation.Relu, OutputUnit.Softmax, 3), optimizer, 16, 4, 1, 1);
        var whole = new ParameterRange(0, new ParameterLayout(problem.Architecture).Length);
        return (
            new PartitionServer(
                problem.Architecture, whole, problem.Initialization, 1, problem.Optimizer, problem.Shards),
            problem);
    }

    private static StepOutcome Step(PartitionServer server, TestProblem problem, int step, float value)
    {
        float[] gradient = new float[server.Weights.Length];
        Array.Fill(gradient, value);
        return Step(server, problem, step, gradient, loss: 1);
    }

    private static StepOutcome Step(
        PartitionServer server, TestProblem problem, int step, float[] gradient, double loss, float rate = 0.1f)
    {
        Add(server, problem, step, gradient, loss);
        return server.Update(rate, server.NeedsNorms ? server.NormNodes() : []);
    }

    private static void Add(PartitionServer server, TestProblem problem, int step, float[] gradient, double loss) =>
        Assert.True(server.Add(
            server.Version,
            step,
            new GradientNode(new TreeNode(0, 0), gradient, loss, problem.Shards.RowsInStep(step, 0), 4)));
}
