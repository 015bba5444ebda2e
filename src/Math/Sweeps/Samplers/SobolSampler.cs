using System.Numerics;

using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>Points of low discrepancy: trial n takes point n of the Sobol sequence, shifted digit by digit.</summary>
/// <remarks>
/// Source: Sobol, "On the distribution of points in a cube and the approximate evaluation of integrals", 1967, with
/// the direction numbers of Joe and Kuo (2008). A random digital shift, one a dimension, makes it depend on the seed
/// and keeps its balance; the balance is best after a power of two of trials.
/// </remarks>
public sealed class SobolSampler : Sampler
{
    private readonly uint[][] _directions;
    private readonly uint[] _shift;

    /// <summary>The sequence over a space.</summary>
    /// <param name="space">What is searched, at most 64 dimensions.</param>
    /// <param name="seed">Of the shift.</param>
    /// <exception cref="SearchSpaceException">The space has more dimensions.</exception>
    public SobolSampler(SearchSpace space, ulong seed)
        : base(space, seed)
    {
        int dimensions = Space.Dimensions.Count;
        if (dimensions > SobolDirections.Dimensions)
        {
            throw new SearchSpaceException(
                $"The search space has {dimensions} dimensions; sobol has at most {SobolDirections.Dimensions}; "
                + "take 'latin_hypercube' or 'random'.");
        }

        var random = new SeededRandom(seed, RandomStream.Sampler);
        _directions = [.. Enumerable.Range(0, dimensions).Select(SobolDirections.Of)];
        _shift = [.. Enumerable.Range(0, dimensions).Select(i => (uint)random.Bits(ulong.MaxValue, (ulong)i))];
    }

    /// <inheritdoc/>
    private protected override ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt)
    {
        // In a finite space a point can meet a cell that is taken; later attempts are left to the uniform draw.
        double[] unit = new double[_directions.Length];
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = ((_shift[i] ^ Point(_directions[i], (uint)number)) + 0.5) / 4294967296.0;
        }

        return Space.Decode(unit);
    }

    // By the number's Gray code, as the sequence is generated incrementally (Antonov and Saleev, 1979).
    private static uint Point(uint[] directions, uint number)
    {
        uint point = 0;
        for (uint gray = number ^ (number >> 1); gray != 0; gray &= gray - 1)
        {
            point ^= directions[BitOperations.TrailingZeroCount(gray)];
        }

        return point;
    }
}
