using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>What samplers share: seeded draws, and no point twice.</summary>
public abstract class Sampler : ISampler
{
    private const int ModelAttempts = 8;
    private const int RandomAttempts = 64;
    private const long MostListed = 1 << 18;

    private readonly ulong _seed;
    private readonly long? _count;

    /// <summary>A sampler of a space.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="seed">Of all its draws.</param>
    private protected Sampler(SearchSpace space, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        Space = space;
        _seed = seed;
        _count = space.Count;
    }

    /// <inheritdoc/>
    public SearchSpace Space { get; }

    /// <inheritdoc/>
    public ParameterSet? Propose(IReadOnlyList<Trial> history, int number)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        HashSet<ParameterSet> taken =
            [.. history.Where(trial => trial.Number != number).Select(trial => trial.Parameters)];

        // Points of an edited space may lie outside.
        if (_count <= taken.Count && taken.Count(Space.Contains) >= _count)
        {
            return null;
        }

        for (int attempt = 0; attempt < ModelAttempts; attempt++)
        {
            ParameterSet point = Draw(history, number, attempt);
            if (!taken.Contains(point))
            {
                return point;
            }
        }

        return Free(taken, number);
    }

    /// <summary>A point by the sampler's own rule; it may be taken.</summary>
    /// <param name="history">The other trials.</param>
    /// <param name="number">The new trial's number.</param>
    /// <param name="attempt">From 0; a later attempt makes other draws.</param>
    private protected abstract ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt);

    /// <summary>The draws of one attempt.</summary>
    private protected Draws DrawsOf(int number, int attempt) => new(_seed, RandomStream.Sampler, number, attempt);

    /// <summary>A uniform draw from the space.</summary>
    private protected ParameterSet DrawUniform(ref Draws draws)
    {
        double[] unit = new double[Space.Dimensions.Count];
        foreach (ref double coordinate in unit.AsSpan())
        {
            coordinate = draws.Uniform();
        }

        return Space.Decode(unit);
    }

    // The model insists on what is taken: a uniform draw among what is free.
    private ParameterSet? Free(HashSet<ParameterSet> taken, int number)
    {
        Draws draws = DrawsOf(number, ModelAttempts);
        if (_count is null or > MostListed)
        {
            for (int attempt = 0; attempt < RandomAttempts; attempt++)
            {
                ParameterSet point = DrawUniform(ref draws);
                if (!taken.Contains(point))
                {
                    return point;
                }
            }

            return SpacePoints.All(Space, int.MaxValue).FirstOrDefault(point => !taken.Contains(point));
        }

        ParameterSet[] free = [.. SpacePoints.All(Space, 1).Where(point => !taken.Contains(point))];
        return free.Length == 0 ? null : free[draws.Below(free.Length)];
    }
}
