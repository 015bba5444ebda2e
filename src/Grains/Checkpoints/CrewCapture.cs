using System.Collections.Immutable;

using Trainer.Grains;
using Trainer.Optimizers;
using Trainer.Training;
using Trainer.Wire;

namespace Trainer.Checkpoints;

/// <summary>Copies of all partitions of a job at one version, held by their servers.</summary>
/// <param name="servers">The servers.</param>
/// <param name="captures">What each holds.</param>
internal sealed class CrewCapture(
    ImmutableArray<IParameterServerGrain> servers, IReadOnlyList<PartitionCapture> captures)
{
    // 4 MB: a longer message would hold back the silos' pings.
    private const int LongestPiece = 1 << 20;

    // Best weights are marked in all partitions or in none.
    private readonly bool _hasBest = captures.All(capture => capture.HasBest);

    /// <summary>Fetches the copies, while training goes on. Not for a grain's turn: it moves a lot of memory.</summary>
    /// <returns>All partitions as one; the best weights, empty where none were marked.</returns>
    /// <exception cref="ArgumentException">The partitions were not at the same version.</exception>
    public async Task<(PartitionState State, ReadOnlyMemory<float> Best)> ReadAsync()
    {
        PartitionState[] parts = await Task.WhenAll(captures.Select((_, partition) => ReadAsync(partition)));
        var all = PartitionState.Join(parts);
        return _hasBest
            ? (all with { Optimizer = all.Optimizer with { Vectors = all.Optimizer.Vectors[..^1] } },
                all.Optimizer.Vectors[^1])
            : (all, default);
    }

    // The best weights come as one more vector behind those of the optimizer.
    private async Task<PartitionState> ReadAsync(int partition)
    {
        PartitionCapture capture = captures[partition];
        int vectors = capture.Vectors + (_hasBest ? 1 : 0);
        float[][] values = await Task.WhenAll(
            Enumerable.Range(0, 1 + vectors).Select(vector => ReadAsync(partition, vector)));
        return new PartitionState(
            capture.Version,
            values[0],
            new OptimizerState([.. values.Skip(1).Select(ReadOnlyMemory<float> (vector) => vector)], capture.Counters));
    }

    private async Task<float[]> ReadAsync(int partition, int vector)
    {
        PartitionCapture capture = captures[partition];
        float[] values = new float[capture.Length];
        for (int first = 0; first < values.Length; first += LongestPiece)
        {
            int count = Math.Min(LongestPiece, values.Length - first);
            Tensor piece = await servers[partition].ReadCaptureAsync(
                new CapturePiece(capture.Version, vector, first, count));
            piece.Values.CopyTo(values.AsMemory(first));
        }

        return values;
    }
}
