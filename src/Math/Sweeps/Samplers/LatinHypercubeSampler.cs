using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// Designs of n points: each dimension is cut into n equal slices, and each slice holds exactly one point of the
/// design.
/// </summary>
/// <remarks>
/// Source: McKay, Beckman and Conover, "A comparison of three methods for selecting values of input variables in the
/// analysis of output from a computer code", 1979. Trials beyond n begin a new design.
/// </remarks>
public sealed class LatinHypercubeSampler : Sampler
{
    private readonly ulong _seed;
    private readonly int _points;

    /// <summary>Designs over a space.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="seed">Of the permutations and the places within slices.</param>
    /// <param name="points">Points of a design: the trials of the sweep.</param>
    public LatinHypercubeSampler(SearchSpace space, ulong seed, int points)
        : base(space, seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        _seed = seed;
        _points = points;
    }

    /// <inheritdoc/>
    private protected override ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt)
    {
        // Permutations have counters of their own: above all (trial, attempt) pairs.
        const ulong Permutations = 1UL << 63;
        var random = new SeededRandom(_seed, RandomStream.Sampler);
        Draws draws = DrawsOf(number, attempt);
        int[] slices = new int[_points];
        double[] unit = new double[Space.Dimensions.Count];
        for (int i = 0; i < unit.Length; i++)
        {
            for (int k = 0; k < slices.Length; k++)
            {
                slices[k] = k;
            }

            random.Shuffle(slices.AsSpan(), Permutations | ((ulong)(number / _points) << 16) | (uint)i);
            unit[i] = (slices[number % _points] + draws.Uniform()) / _points;
        }

        return Space.Decode(unit);
    }
}
