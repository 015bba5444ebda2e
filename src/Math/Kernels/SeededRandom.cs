namespace Trainer.Kernels;

/// <summary>What random numbers are for; each purpose has its own stream, so that one more draw in one never shifts another.</summary>
public enum RandomStream
{
    /// <summary>Initial weights: counter (layer, element in [out, in] order).</summary>
    Initialization = 1,

    /// <summary>Which rows go to which part of a split.</summary>
    Split = 2,

    /// <summary>Which training row takes which position: the base permutation of a job.</summary>
    Positions = 3,

    /// <summary>The permutation of a shard's rows in one epoch.</summary>
    Shuffle = 4,

    /// <summary>Dropout masks.</summary>
    Dropout = 5,

    /// <summary>Toy data.</summary>
    Generator = 6,
}

/// <summary>Counter-based random numbers, f(seed, stream, a, b): no state, the same on every machine (numerics A8).</summary>
/// <remarks>Philox4x32-10. Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011.</remarks>
public readonly struct SeededRandom
{
    /// <summary>A generator of one stream of one seed.</summary>
    public SeededRandom(ulong seed, RandomStream stream) => throw new NotImplementedException();

    /// <summary>64 random bits for the counter (<paramref name="a"/>, <paramref name="b"/>); b up to 2^40.</summary>
    public ulong Bits(ulong a, ulong b) => throw new NotImplementedException();

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public float Uniform(ulong a, ulong b) => throw new NotImplementedException();

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double UniformDouble(ulong a, ulong b) => throw new NotImplementedException();

    /// <summary>A uniform permutation in place (Fisher-Yates; bounded draws without bias), a function of (seed, stream, a).</summary>
    public void Shuffle<T>(Span<T> items, ulong a) => throw new NotImplementedException();
}
