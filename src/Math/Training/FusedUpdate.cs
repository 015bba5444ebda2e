using Trainer.Kernels;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>
/// The end of a step where nothing is exchanged: each piece of the weight gradient goes straight into the optimizer
/// while it is in the cache, so that no whole gradient is ever written.
/// </summary>
/// <remarks>
/// The sums are those of the plain step, chain by chain, and the optimizer works element by element: the same bits. All
/// input gradients have been computed before, and new weights are written beside the old: no order of the pieces
/// matters, and several threads may take them, a panel each.
/// </remarks>
internal sealed class FusedUpdate
{
    // Inputs of a piece: its sums, 32 KB, stay in the second-level cache beside what the optimizer reads and writes;
    // much smaller ones leave the processor no time to read ahead.
    private const int MostInputs = 256;

    // The sums of a piece, weights and then biases, of the step that a thread works for.
    [ThreadStatic]
    private static float[][]? _stack;

    private readonly ShardWorker _worker;
    private readonly PartitionServer _server;
    private readonly Action<int> _panel;
    private bool _nonFinite;

    /// <summary>A fused update.</summary>
    /// <param name="worker">The worker of all shards.</param>
    /// <param name="server">The partition of all parameters.</param>
    public FusedUpdate(ShardWorker worker, PartitionServer server)
    {
        (_worker, _server, _panel) = (worker, server, UpdatePanel);
    }

    /// <summary>Gradients and update of the step whose deltas the worker has computed; the server has begun.</summary>
    /// <returns>False when a new weight is NaN or infinite.</returns>
    public bool Run()
    {
        _nonFinite = false;
        _worker.RunTiles(_panel);
        return !_nonFinite;
    }

    private void UpdatePanel(int tile)
    {
        (int index, int panel) = _worker.Tiles[tile];
        LayerLayout layer = _worker.Network.Layout.Layers[index];
        float[][] stack = Stack(_worker.StackDepth);
        int weights = AlignedMemory.FirstAligned(stack[0]);
        int biases = weights + (MostInputs * Panels.Width);
        bool finite = true;
        for (int first = 0; first < layer.Inputs; first += MostInputs)
        {
            int inputs = Math.Min(MostInputs, layer.Inputs - first);
            GradientTiles.Run(
                _worker.Network.InputsOf(index)[(first * _worker.Network.Rows)..],
                _worker.Network.DeltasOf(index),
                new DenseShape(_worker.Network.Rows, inputs, layer.Outputs),
                panel,
                _worker.Segments,
                stack,
                weights,
                first == 0 ? biases : null);
            finite &= _server.UpdateRange(
                layer.WeightOffset + (((panel * layer.Inputs) + first) * Panels.Width),
                stack[0].AsSpan(weights, inputs * Panels.Width));
        }

        finite &= _server.UpdateRange(
            layer.BiasOffset + (panel * Panels.Width), stack[0].AsSpan(biases, Panels.Width));
        if (!finite)
        {
            Volatile.Write(ref _nonFinite, true);
        }
    }

    // Only the bottom of the stack outlives a register tile, where all rows are in one block.
    private static float[][] Stack(int depth)
    {
        if (_stack is not { } stack || stack.Length < depth)
        {
            _stack = stack = new float[depth][];
            stack.AsSpan().Fill(AlignedMemory.AllocatePinned((MostInputs + 1) * Panels.Width));
        }

        return stack;
    }
}
