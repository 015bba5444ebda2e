using Trainer.Backends;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>Workers and partition servers in one process; pushes arrive in random order, some twice.</summary>
internal sealed class TestCluster
{
    private readonly TestProblem _problem;
    private readonly ShardWorker[] _workers;
    private readonly ParameterRange[] _ranges;
    private readonly PartitionServer[] _servers;
    private readonly ThreadTeam _team;
    private readonly Random _random;

    /// <summary>A cluster.</summary>
    /// <param name="problem">The job.</param>
    /// <param name="cover">The worker of each shard.</param>
    /// <param name="threads">Threads of a worker.</param>
    /// <param name="partitions">Partitions of the parameters.</param>
    /// <param name="seed">Decides the order of arrival.</param>
    public TestCluster(TestProblem problem, int[] cover, int threads, int partitions, int seed)
    {
        (_problem, _random, _team) = (problem, new Random(seed), new ThreadTeam(threads));
        var layout = new ParameterLayout(problem.Architecture);
        _workers =
        [
            .. Enumerable.Range(0, cover.Max() + 1).Select(worker => new ShardWorker(
                problem.Architecture,
                problem.Shards,
                problem.RowsOf(Enumerable.Range(0, cover.Length).Where(shard => cover[shard] == worker)),
                _team,
                problem.Objective,
                serialWork: 2000)),
        ];
        _ranges = [.. Enumerable.Range(0, partitions).Select(index => layout.Partition(index, partitions))];
        _servers =
        [
            .. _ranges.Select(range => new PartitionServer(
                problem.Architecture, range, problem.Initialization, problem.Seed, problem.Optimizer, problem.Shards)),
        ];
    }

    /// <summary>How often work was shared between threads.</summary>
    public int SharedCalls => _team.Calls;

    /// <summary>All weights.</summary>
    public float[] Weights() => [.. _servers.SelectMany(server => server.Weights.ToArray())];

    /// <summary>Runs one epoch; returns its train loss.</summary>
    public double RunEpoch(int epoch, float rate) => RunEpoch(epoch, _ => rate);

    /// <summary>The same with the rate of each step since the start of the job.</summary>
    public double RunEpoch(int epoch, Func<long, float> rate)
    {
        double loss = 0;
        double weights = 0;
        for (int step = 0; step < _problem.Shards.StepsPerEpoch; step++)
        {
            StepOutcome outcome = RunStep(epoch, step, rate(((long)epoch * _problem.Shards.StepsPerEpoch) + step));
            loss += outcome.LossSum;
            weights += outcome.WeightSum;
        }

        return weights > 0 ? loss / weights : 0;
    }

    /// <summary>The state of all partitions as one.</summary>
    public PartitionState Capture() => PartitionState.Join(_servers.Select(server => server.Capture()));

    /// <summary>Goes on from a state that any number of partitions had.</summary>
    public void Restore(PartitionState state)
    {
        for (int i = 0; i < _servers.Length; i++)
        {
            _servers[i].Restore(state.Slice(_ranges[i]));
        }
    }

    /// <summary>Runs one step.</summary>
    public StepOutcome RunStep(int epoch, int step, float rate)
    {
        float[] weights = Weights();
        List<GradientNode> nodes = [];
        foreach (ShardWorker worker in _workers)
        {
            worker.Weights = weights;
            nodes.AddRange(worker.ComputeGradients(epoch, step));
        }

        for (int i = 0; i < _servers.Length; i++)
        {
            GradientNode[] order = [.. nodes, nodes[0]];
            _random.Shuffle(order);
            bool complete = false;
            foreach (GradientNode node in order)
            {
                complete = _servers[i].Add(
                    _servers[i].Version,
                    step,
                    node with { Gradient = node.Gradient.Slice(_ranges[i].Offset, _ranges[i].Length) });
            }

            if (!complete)
            {
                throw new InvalidOperationException($"Step {step} is not complete.");
            }
        }

        NormNode[] norms =
            _servers[0].NeedsNorms ? [.. _servers.SelectMany(server => server.NormNodes())] : [];
        _random.Shuffle(norms);
        StepOutcome[] outcomes = [.. _servers.Select(server => server.Update(rate, norms))];
        return outcomes.Select(outcome => outcome.NonFinite).FirstOrDefault(name => name is not null) is { } broken
            ? throw new InvalidOperationException($"{broken} is not finite.")
            : outcomes[0];
    }
}
