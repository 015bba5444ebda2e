using Trainer.Backends;
using Trainer.Reduction;
using Trainer.Training;

namespace Trainer.Grains;

/// <summary>
/// What a partition knows of the norm of the step at hand. Not safe for threads: <see cref="StepAggregator"/> locks.
/// </summary>
/// <param name="partition">This partition.</param>
/// <param name="used">All partitions that take part in a step, this one included.</param>
internal sealed class NormExchange(int partition, int[] used)
{
    private readonly Dictionary<int, NormNode[]> _parts = [];
    private bool _complete;
    private bool _needed;
    private NormShare? _outgoing;

    /// <summary>Whether this partition's gradient is whole and, where they are needed, all norms are there.</summary>
    public bool IsComplete => _complete && (!_needed || Missing.Length == 0);

    /// <summary>Whether other partitions take part in a step.</summary>
    public bool HasOthers => used.Any(i => i != partition);

    /// <summary>The nodes that came so far.</summary>
    public IReadOnlyList<NormNode> Nodes => [.. _parts.Values.SelectMany(nodes => nodes)];

    /// <summary>Partitions whose norm has not come.</summary>
    public int[] Missing => [.. used.Where(i => !_parts.ContainsKey(i))];

    /// <summary>This partition's gradient is whole. Idempotent.</summary>
    /// <param name="server">The partition.</param>
    /// <param name="incarnation">Incarnation of the job.</param>
    public void Complete(IPartitionSession server, int incarnation)
    {
        _complete = true;
        _needed = server.NeedsNorms;
        if (_needed && !_parts.ContainsKey(partition))
        {
            NormNode[] nodes = server.NormNodes();
            _parts.Add(partition, nodes);
            _outgoing = new NormShare(
                incarnation,
                server.Version,
                partition,
                [.. nodes.Select(node => new NormSum(node.Node.Level, node.Node.Index, node.Squares))]);
        }
    }

    /// <summary>Takes another partition's norm; a repeated one changes nothing.</summary>
    /// <param name="norm">The norm, of the step at hand.</param>
    public void Add(NormShare norm) => _parts.TryAdd(
        norm.Partition,
        [.. norm.Sums.Select(sum => new NormNode(new TreeNode(sum.Level, sum.Index), sum.Squares))]);

    /// <summary>This partition's norm, to be sent to the others; null when it was taken already.</summary>
    public NormShare? Take()
    {
        NormShare? share = _outgoing;
        _outgoing = null;
        return share;
    }

    /// <summary>Forgets the step; what is outgoing stays, for the others still need it.</summary>
    public void Clear()
    {
        _parts.Clear();
        _complete = false;
    }
}
