using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>
/// Passes over all parameters of a partition, split over a team by ranges of whole blocks: each element on its own, so
/// the split changes no bit. Allocates nothing after construction; one user at a time.
/// </summary>
/// <param name="team">The compute threads.</param>
/// <param name="length">Parameters n.</param>
/// <param name="tileLength">Parameters that one thread takes at once.</param>
internal sealed class ParameterPasses(IComputeTeam team, int length, int tileLength)
{
    /// <summary>Enough for some 10 us: many times the cost of handing a tile over.</summary>
    public const int TileLength = 16 * ParameterLayout.BlockLength;

    private readonly Action<int>[] _passes = new Action<int>[4];

    // The pass at hand, read by the tiles.
    private ReadOnlyMemory<float> _source;
    private Memory<float> _target;
    private float _factor;
    private ReadOnlyMemory<float> _weights;
    private IOptimizer? _optimizer;
    private int _nonFinite;

    /// <summary><c>target[i] = source[i]</c>.</summary>
    public void Copy(ReadOnlyMemory<float> source, Memory<float> target)
    {
        (_source, _target) = (source, target);
        team.For(Tiles, _passes[0] ??= CopyTile);
    }

    /// <summary><c>target[i] += source[i]</c>.</summary>
    public void Add(Memory<float> target, ReadOnlyMemory<float> source)
    {
        (_source, _target) = (source, target);
        team.For(Tiles, _passes[1] ??= AddTile);
    }

    /// <summary><c>target[i] *= factor</c>.</summary>
    public void Scale(Memory<float> target, float factor)
    {
        (_target, _factor) = (target, factor);
        team.For(Tiles, _passes[2] ??= ScaleTile);
    }

    /// <summary>One step of an optimizer.</summary>
    /// <returns>False when a new parameter is NaN or infinite.</returns>
    public bool Step(
        IOptimizer optimizer,
        ReadOnlyMemory<float> weights,
        ReadOnlyMemory<float> gradient,
        float scale,
        float learningRate,
        Memory<float> updated)
    {
        (_optimizer, _weights, _source, _target, _nonFinite) = (optimizer, weights, gradient, updated, 0);
        optimizer.Begin(scale, learningRate);
        team.For(Tiles, _passes[3] ??= UpdateTile);
        return _nonFinite == 0;
    }

    private int Tiles => (int)(((long)length + tileLength - 1) / tileLength);

    private void CopyTile(int tile) => SourceOf(tile).CopyTo(TargetOf(tile));

    private void AddTile(int tile) => ElementwiseKernels.Add(TargetOf(tile), SourceOf(tile));

    private void ScaleTile(int tile) => ElementwiseKernels.Scale(TargetOf(tile), _factor);

    private void UpdateTile(int tile)
    {
        ReadOnlySpan<float> weights = _weights.Span.Slice(tile * tileLength, LengthOf(tile));
        if (!_optimizer!.Update(tile * tileLength, weights, SourceOf(tile), TargetOf(tile)))
        {
            Volatile.Write(ref _nonFinite, 1);
        }
    }

    private ReadOnlySpan<float> SourceOf(int tile) => _source.Span.Slice(tile * tileLength, LengthOf(tile));

    private Span<float> TargetOf(int tile) => _target.Span.Slice(tile * tileLength, LengthOf(tile));

    private int LengthOf(int tile) => Math.Min(tileLength, length - (tile * tileLength));
}
