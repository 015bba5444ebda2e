using System.Collections.Immutable;

using Trainer.Models;
using Trainer.Training;
using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>
/// A worker's side of the exchange: every gradient to the server of its partition, every answer into the weights.
/// </summary>
internal sealed class GradientExchange
{
    private readonly IParameterServerGrain[] _servers;
    private readonly ParameterRange[] _ranges;
    private readonly int _incarnation;

    /// <summary>An exchange with all servers of a job.</summary>
    /// <param name="servers">Server of each partition.</param>
    /// <param name="layout">Layout of the parameters.</param>
    /// <param name="incarnation">Incarnation of the job.</param>
    public GradientExchange(IParameterServerGrain[] servers, ParameterLayout layout, int incarnation)
    {
        int[] used = layout.UsedPartitions(servers.Length);
        _servers = [.. used.Select(i => servers[i])];
        _ranges = [.. used.Select(i => layout.Partition(i, servers.Length))];
        _incarnation = incarnation;
    }

    /// <summary>One round trip of a step with every server.</summary>
    /// <param name="version">Version of the weights.</param>
    /// <param name="stepInEpoch">Step within the epoch.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="nodes">This worker's nodes, whole gradients.</param>
    /// <returns>The answers, in partition order.</returns>
    public Task<StepReply[]> PushAndPullAsync(
        long version, int stepInEpoch, float rate, ImmutableArray<GradientNode> nodes)
    {
        var calls = new Task<StepReply>[_servers.Length];
        for (int i = 0; i < calls.Length; i++)
        {
            ParameterRange range = _ranges[i];
            ImmutableArray<GradientSum> sums =
            [
                .. nodes.Select(node => new GradientSum(
                    node.Node.Level,
                    node.Node.Index,
                    new Tensor(node.Gradient.Slice(range.Offset, range.Length)),
                    node.Loss,
                    node.RowCount,
                    node.WeightSum)),
            ];
            calls[i] = _servers[i].PushAndPullAsync(new GradientPush(_incarnation, version, stepInEpoch, rate, sums));
        }

        return Task.WhenAll(calls);
    }

    /// <summary>Copies answered weights to their places.</summary>
    /// <param name="parts">Weights in the order of the answers.</param>
    /// <param name="weights">The worker's weights.</param>
    public void Store(IEnumerable<Tensor> parts, Span<float> weights)
    {
        int i = 0;
        foreach (Tensor part in parts)
        {
            part.Values.Span.CopyTo(weights.Slice(_ranges[i].Offset, _ranges[i].Length));
            i++;
        }
    }

    /// <summary>The weights of every server now, in partition order.</summary>
    public async Task<Tensor[]> PullAsync()
    {
        PartitionWeights[] parts = await Task.WhenAll(_servers.Select(server => server.PullAsync()));
        return [.. parts.Select(part => part.Weights)];
    }
}
