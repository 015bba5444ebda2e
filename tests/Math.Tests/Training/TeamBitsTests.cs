using CsCheck;

using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Models;

using Xunit;

namespace Trainer.Training;

/// <summary>Any number of threads gives the bits of one, down to products and ranges that never pay to share.</summary>
public sealed class TeamBitsTests
{
    private const float Rate = 1e-3f;

    [Fact]
    public void Steps_AnyNetworkOnOneToFourThreads_EqualTheLoopBitForBit()
    {
        Gen.Select(TestProblem.Any, Gen.Int[1, 4]).Sample(
            (problem, threads) =>
            {
                TrainingLoop loop = problem.Loop();
                using var helpers = new HelperThreads(threads);
                (ShardWorker worker, PartitionServer server) = Open(problem, helpers.Team);

                loop.RunEpoch(0, Rate);
                double[] squares = RunEpoch(problem, worker, server);

                AssertBits.Equal(loop.Weights, server.Weights.Span);
                Assert.Equal(
                    loop.GradientNorms.ToArray(),
                    new GradientNorm(new ParameterLayout(problem.Architecture)).OfLayers(squares));
            },
            iter: 100,
            print: each => $"{each.Item1.Architecture} {each.Item1.Optimizer} {each.Item2} threads");
    }

    // Every shard's gradient comes on its own, so that the server adds, copies and scales.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Server_NodesOfManyWorkers_EqualTheLoopBitForBit(int threads)
    {
        TestProblem problem = TestProblem.Create(
            TestProblem.Network(70, [90, 40], Activation.Relu, OutputUnit.Softmax, 10),
            new Optimizers.AdamSettings(0.9, 0.999, 1e-8, 0) { ClipNorm = 0.1 },
            rows: 301,
            batch: 128,
            shards: 8,
            seed: 5);
        TrainingLoop loop = problem.Loop();
        using var helpers = new HelperThreads(threads);
        (_, PartitionServer server) = Open(problem, helpers.Team);
        ShardWorker[] workers =
        [
            .. Enumerable.Range(0, problem.Shards.Count).Select(shard => new ShardWorker(
                problem.Architecture,
                problem.Shards,
                problem.RowsOf([shard]),
                helpers.Team,
                problem.Objective,
                serialWork: 0)),
        ];

        loop.RunEpoch(0, Rate);
        RunEpoch(problem, workers, server);

        AssertBits.Equal(loop.Weights, server.Weights.Span);
        Assert.True(helpers.Calls > 0, "No thread was called.");
    }

    private static (ShardWorker Worker, PartitionServer Server) Open(TestProblem problem, IComputeTeam team)
    {
        var worker = new ShardWorker(
            problem.Architecture,
            problem.Shards,
            problem.RowsOf(Enumerable.Range(0, problem.Shards.Count)),
            team,
            problem.Objective,
            serialWork: 0);
        var whole = new ParameterRange(0, new ParameterLayout(problem.Architecture).Length);
        var server = new PartitionServer(
            problem.Architecture,
            whole,
            problem.Initialization,
            problem.Seed,
            problem.Optimizer,
            problem.Shards,
            team,
            tileLength: 96);
        return (worker, server);
    }

    private static double[] RunEpoch(TestProblem problem, ShardWorker worker, PartitionServer server) =>
        RunEpoch(problem, [worker], server);

    // The squares of the last step's gradient.
    private static double[] RunEpoch(TestProblem problem, ShardWorker[] workers, PartitionServer server)
    {
        double[] squares = [];
        for (int step = 0; step < problem.Shards.StepsPerEpoch; step++)
        {
            foreach (ShardWorker worker in workers)
            {
                worker.Weights = server.Weights;
                foreach (GradientNode node in worker.ComputeGradients(0, step))
                {
                    server.Add(server.Version, step, node);
                }
            }

            squares = server.MeanSquares();
            NormNode[] norms = server.ClipNorm is null ? [] : server.NormNodes();
            Assert.Null(server.Update(Rate, norms).NonFinite);
        }

        return squares;
    }
}
