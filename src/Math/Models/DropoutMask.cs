using Trainer.Kernels;

namespace Trainer.Models;

/// <summary>
/// Which hidden units training drops: a function of (seed, epoch, training row, layer, unit) alone, so that it follows
/// the row to any worker (numerics A8). A row stands in one step of an epoch, so the step needs no counter of its own.
/// </summary>
/// <remarks>
/// A kept activation is multiplied by <c>binary32(1 / (1 - p))</c>, a dropped one becomes +0. Source: Srivastava et
/// al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, inverted.
/// </remarks>
internal sealed class DropoutMask
{
    // Words of a random block, one a unit.
    private const int UnitsOfABlock = 4;
    private const int HighShift = 32;

    private readonly SeededRandom _random;
    private readonly uint _threshold;
    private readonly float _scale;

    /// <summary>The masks of a job.</summary>
    /// <param name="rate">p, share of units to drop, in [0, 1).</param>
    /// <param name="seed">The job's seed.</param>
    public DropoutMask(double rate, ulong seed)
    {
        _random = new SeededRandom(seed, RandomStream.Dropout);

        // A unit is dropped where its 32 random bits are below floor(p 2^32).
        _threshold = (uint)(rate * 4294967296.0);
        _scale = (float)(1 / (1 - rate));
    }

    /// <summary>The factors of one panel of one row.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="row">Index of the row in the training part.</param>
    /// <param name="layer">Hidden layer, from 0.</param>
    /// <param name="panel">Panel of its units.</param>
    /// <param name="factors">Receives 0 or the scale, shape [<see cref="Panels.Width"/>].</param>
    public void Fill(int epoch, int row, int layer, int panel, Span<float> factors)
    {
        ulong sample = ((ulong)(uint)epoch << HighShift) | (uint)row;
        ulong block = ((ulong)(uint)layer << HighShift) | (uint)(panel * (Panels.Width / UnitsOfABlock));
        for (int unit = 0; unit < Panels.Width; unit += UnitsOfABlock, block++)
        {
            (uint x0, uint x1, uint x2, uint x3) = _random.Block(sample, block);
            factors[unit] = Factor(x0);
            factors[unit + 1] = Factor(x1);
            factors[unit + 2] = Factor(x2);
            factors[unit + 3] = Factor(x3);
        }
    }

    private float Factor(uint bits) => bits < _threshold ? 0f : _scale;
}
