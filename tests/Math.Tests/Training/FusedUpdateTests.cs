using CsCheck;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

/// <summary>A step without an exchange gives the bits of one with it, and names the same tensor at its end.</summary>
public sealed class FusedUpdateTests
{
    private const int Epochs = 2;

    private static readonly MlpArchitecture Line =
        TestProblem.Network(1, [], Activation.Identity, OutputUnit.Linear, 1);

    [Fact]
    public void Run_AnyProblemAndThreads_EqualsTheExchangeBitForBit()
    {
        var cases =
            from problem in TestProblem.Any
            from threads in Gen.Int[1, 3]
            from seed in Gen.Int
            select (problem, threads, seed);

        cases.Sample(
            each =>
            {
                TestProblem problem = each.problem;
                float[] rates = [.. Enumerable.Range(1, problem.Shards.StepsPerEpoch).Select(i => 1e-3f / i)];
                using var pair = new Pair(problem, new ThreadTeam(each.threads));
                int[] cover = [.. Enumerable.Range(0, problem.Shards.Count).Select(shard => shard % 2)];
                var cluster = new TestCluster(problem, cover, threads: 1, partitions: 2, each.seed);
                for (int epoch = 0; epoch < Epochs; epoch++)
                {
                    double expected = cluster.RunEpoch(epoch, step => rates[step % rates.Length]);

                    StepTotals totals = pair.Local.Run(new LocalSteps(epoch, 0, rates, WantsNorms: false), default);

                    Assert.Equal(expected, totals.WeightSum > 0 ? totals.LossSum / totals.WeightSum : 0);
                    Assert.Equal((rates.Length, problem.Rows.Count), (totals.Completed, totals.RowCount));
                }

                Assert.Equal(Epochs * rates.Length, pair.Server.Version);
                AssertBits.Equal(cluster.Weights(), pair.Server.Weights.Span);
            },
            iter: 100,
            print: each => $"{each.problem.Architecture} {each.problem.Optimizer} {each.threads} threads");
    }

    // 300 and 600 inputs come in several pieces, 1100 rows in several blocks.
    [Theory]
    [InlineData(300, 40, 48, 16)]
    [InlineData(600, 33, 32, 1)]
    [InlineData(5, 9, 1100, 4)]
    public void Run_WideLayersAndLargeBatches_EqualTheExchangeBitForBit(int inputs, int hidden, int batch, int shards)
    {
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(inputs, [hidden, 300], Activation.Relu, OutputUnit.Softmax, 10),
            new AdamSettings(0.9, 0.999, 1e-8, 0.01) { DecayBiases = false },
            rows: (2 * batch) + 5,
            batch,
            shards,
            seed: 5);
        var team = new ThreadTeam(2);
        using var pair = new Pair(problem, team);
        var cluster = new TestCluster(problem, new int[shards], threads: 1, partitions: 1, seed: 1);

        double expected = cluster.RunEpoch(0, 1e-3f);
        float[] rates = [1e-3f, 1e-3f, 1e-3f];
        StepTotals totals = pair.Local.Run(new LocalSteps(0, 0, rates, WantsNorms: true), default);

        Assert.Equal(expected, totals.LossSum / totals.WeightSum);
        AssertBits.Equal(cluster.Weights(), pair.Server.Weights.Span);
        Assert.True(team.Calls > 0, "No work was shared between threads.");
    }

    [Fact]
    public void Run_NoRowCounts_ChangesNothingButTheVersion()
    {
        TestProblem line = Problem(new RowSet(2, 1, 1, [1f, 2f], [3f, 4f], [0f, 0f]));
        using var pair = new Pair(line, SerialTeam.Instance);
        float[] before = pair.Server.Weights.ToArray();

        StepTotals totals = pair.Local.Run(OneStep(1f), default);

        Assert.Equal((1, 0.0, 1L), (totals.Completed, totals.WeightSum, pair.Server.Version));
        AssertBits.Equal(before, pair.Server.Weights.Span);
    }

    // Loss and gradient overflow; only the gradient does; only the new weight does.
    [Theory]
    [InlineData(1e30f, 1e30f, 1e-3f, "loss")]
    [InlineData(1e30f, 1e9f, 1e-3f, "layers.0.weight")]
    [InlineData(1f, 1e10f, 1e30f, "layers.0.weight")]
    [InlineData(0f, 1e10f, 1e30f, "layers.0.bias")]
    public void Run_NotFinite_KeepsTheWeightsAndNamesWhatTheExchangeNames(
        float feature, float target, float rate, string expected)
    {
        TestProblem line = Problem(new RowSet(2, 1, 1, [feature, feature], [target, target]));
        using var pair = new Pair(line, SerialTeam.Instance);
        using var plain = new Pair(line, SerialTeam.Instance);
        plain.Server.Add(0, 0, Assert.Single(plain.Worker.ComputeGradients(0, 0)));
        StepOutcome outcome = plain.Server.Update(rate);

        StepTotals totals = pair.Local.Run(OneStep(rate), new StepTotals(7, 1.5, 2, 9, null, default));

        Assert.Equal((expected, expected), (outcome.NonFinite, totals.NonFinite));
        Assert.Equal((7, 1.5, 2.0, 9L), (totals.Completed, totals.LossSum, totals.WeightSum, totals.RowCount));
        Assert.Equal(0, pair.Server.Version);
        AssertBits.Equal(new float[pair.Server.Weights.Length], pair.Server.Weights.Span);
    }

    private static LocalSteps OneStep(float rate) => new(0, 0, new[] { rate }, WantsNorms: false);

    private static TestProblem Problem(RowSet rows) =>
        TestProblem.Create(Line, new SgdSettings(0, 0), rows: 2, batch: 2, shards: 2, seed: 1, shuffle: false) with
        {
            Rows = rows,
            Initialization = WeightInitialization.Zeros,
        };

    // A worker of all shards, also with products that are small for threads, and the only partition.
    private sealed class Pair : IDisposable
    {
        public Pair(TestProblem problem, IComputeTeam team)
        {
            var whole = new ParameterRange(0, new ParameterLayout(problem.Architecture).Length);
            Worker = new ShardWorker(
                problem.Architecture,
                problem.Shards,
                problem.RowsOf(Enumerable.Range(0, problem.Shards.Count)),
                team,
                problem.Objective,
                serialWork: 2000);
            Server = new PartitionServer(
                problem.Architecture, whole, problem.Initialization, problem.Seed, problem.Optimizer, problem.Shards);
            Worker.Weights = Server.Weights;
            Local = CpuBackend.OneThread.OpenLocal(Worker, Server);
        }

        public ShardWorker Worker { get; }

        public PartitionServer Server { get; }

        public ILocalSession Local { get; }

        public void Dispose()
        {
            Worker.Dispose();
            Server.Dispose();
        }
    }
}
