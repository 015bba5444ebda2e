using System.Collections.Immutable;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

[Collection(MeasuredAlone.Name)]
public sealed class ShardWorkerTests
{
    // Step 0 is full; step 1 has 20 rows in shards 0 to 4.
    private static readonly TestProblem Problem = TestProblem.Create(
        TestProblem.Network(6, [35], Activation.Relu, OutputUnit.Softmax, 3),
        new SgdSettings(0, 0),
        rows: 52,
        batch: 32,
        shards: 8,
        seed: 3);

    public static TheoryData<int[], int, string> Covers => new()
    {
        { [0, 1, 2, 3, 4, 5, 6, 7], 0, "3:0" },
        { [0, 1, 2], 0, "1:0 0:2" },
        { [3, 4], 0, "0:3 0:4" },
        { [5, 6, 7], 0, "0:5 1:3" },
        { [1, 2, 3, 4, 5, 6], 0, "0:1 1:1 1:2 0:6" },
        { [0, 2, 4, 6], 0, "0:0 0:2 0:4 0:6" },
        { [6, 3, 7, 2], 0, "1:1 1:3" },
        { [0, 1, 2, 3, 4, 5, 6, 7], 1, "3:0" },
        { [3, 4], 1, "0:3 2:1" },
        { [4, 5, 6, 7], 1, "2:1" },
        { [5, 6, 7], 1, "" },
        { [], 0, "" },
    };

    [Theory]
    [MemberData(nameof(Covers))]
    public void ComputeGradients_Cover_GivesMaximalAlignedSubtrees(int[] shards, int step, string nodes)
    {
        ShardWorker worker = Worker(shards);

        ImmutableArray<GradientNode> gradients = worker.ComputeGradients(0, step);

        Assert.Equal(nodes, string.Join(' ', gradients.Select(g => $"{g.Node.Level}:{g.Node.Index}")));
        Assert.All(gradients, g => Assert.Equal(Problem.Shards.RowsInStep(step, g.Node), g.RowCount));
    }

    [Fact]
    public void ComputeGradients_LaterSteps_LeaveGivenArraysAlone()
    {
        ShardWorker worker = Worker([0, 1, 2, 4, 5, 6, 7]);
        ImmutableArray<GradientNode> given = worker.ComputeGradients(0, 0);
        float[][] copies = [.. given.Select(g => g.Gradient.ToArray())];

        for (int epoch = 1; epoch < 4; epoch++)
        {
            worker.ComputeGradients(epoch, 0);
            worker.ComputeGradients(epoch, 1);
        }

        Assert.Equal(3, given.Length);
        Assert.All(given.Zip(copies), pair => AssertBits.Equal(pair.Second, pair.First.Gradient.Span));
    }

    [Fact]
    public void ComputeGradients_SameStepAgain_GivesTheSameBits()
    {
        ShardWorker worker = Worker([0, 1, 2, 3, 4, 5, 6, 7]);
        float[] first = Assert.Single(worker.ComputeGradients(2, 1)).Gradient.ToArray();

        worker.ComputeGradients(3, 0);

        AssertBits.Equal(first, Assert.Single(worker.ComputeGradients(2, 1)).Gradient.Span);
    }

    [Theory]
    [InlineData(Activation.Relu, 0)]
    [InlineData(Activation.Gelu, 0.5)]
    public void ComputeGradients_SteadyState_AllocatesOnlyWhatIsGivenAway(Activation activation, double dropout)
    {
        TestProblem problem = Problem with
        {
            Architecture = Problem.Architecture with { Activation = activation },
            Objective = new TrainingObjective { Dropout = dropout },
        };
        ShardWorker worker = Worker(problem, [0, 1, 2, 4, 5, 6, 7]);
        worker.ComputeGradients(0, 0);
        worker.ComputeGradients(0, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();

        ImmutableArray<GradientNode> given = worker.ComputeGradients(0, 0);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long arrays = given.Sum(g => (long)g.Gradient.Length * sizeof(float));
        Assert.InRange(allocated, arrays, arrays + 600);
    }

    [Fact]
    public void Update_SteadyState_AllocatesNoParameters()
    {
        var layout = new ParameterLayout(Problem.Architecture);
        var server = new PartitionServer(
            Problem.Architecture,
            new ParameterRange(0, layout.Length),
            Problem.Initialization,
            1,
            new AdamSettings(0.9, 0.999, 1e-8, 0),
            Problem.Shards);
        ShardWorker worker = Worker([0, 1, 2, 4, 5, 6, 7]);
        ShardWorker other = Worker([3]);
        GradientNode[] nodes = [.. worker.ComputeGradients(0, 0), .. other.ComputeGradients(0, 0)];
        void Step()
        {
            foreach (GradientNode node in nodes)
            {
                server.Add(server.Version, 0, node);
            }

            server.Update(0.1f);
        }

        Step();
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Step();

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 300);
    }

    [Fact]
    public void Constructor_RowsOfAnotherShard_NamesBothCounts()
    {
        var rows = new Dictionary<int, RowSet> { [2] = TestProblem.RandomRows(Problem.Architecture, 5, 1) };

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new ShardWorker(
                Problem.Architecture, Problem.Shards, rows, SerialTeam.Instance, Problem.Objective));

        Assert.StartsWith("Logical shard 2 owns 8 rows; 5 were given.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OtherFeatureCount_NamesBoth()
    {
        MlpArchitecture other = TestProblem.Network(5, [], Activation.Relu, OutputUnit.Softmax, 3);
        var rows = new Dictionary<int, RowSet> { [2] = TestProblem.RandomRows(other, 8, 1) };

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new ShardWorker(
                Problem.Architecture, Problem.Shards, rows, SerialTeam.Instance, Problem.Objective));

        Assert.StartsWith(
            "The rows have 5 features and 1 targets; the network takes 6 and 1.",
            error.Message,
            StringComparison.Ordinal);
    }

    private static ShardWorker Worker(int[] shards) => Worker(Problem, shards);

    private static ShardWorker Worker(TestProblem problem, int[] shards)
    {
        var worker = new ShardWorker(
            problem.Architecture, problem.Shards, problem.RowsOf(shards), SerialTeam.Instance, problem.Objective);
        worker.Weights = problem.DrawnWeights();
        return worker;
    }
}
