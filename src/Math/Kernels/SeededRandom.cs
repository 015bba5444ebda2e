namespace Trainer.Kernels;

/// <summary>
/// Counter-based random numbers, f(seed, stream, a, b): no state, the same on every machine (numerics A8).
/// </summary>
/// <remarks>
/// Philox4x32-10: the seed is the key; the 128-bit counter is a (64 bits), b (56 bits), stream (8 bits).
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011.
/// </remarks>
public readonly struct SeededRandom
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int Rounds = 10;
    private const int StreamShift = 56;

    private readonly ulong _seed;
    private readonly ulong _stream;

    /// <summary>A generator of one stream of one seed.</summary>
    /// <param name="seed">The seed, any value.</param>
    /// <param name="stream">The purpose.</param>
    public SeededRandom(ulong seed, RandomStream stream)
    {
        _seed = seed;
        _stream = (ulong)stream << StreamShift;
    }

    /// <summary>64 random bits for the counter (a, b).</summary>
    /// <param name="a">First counter, any value.</param>
    /// <param name="b">Second counter, below 2^56.</param>
    public ulong Bits(ulong a, ulong b)
    {
        (uint x0, uint x1, _, _) = Block(a, b);
        return x0 | ((ulong)x1 << 32);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    /// <param name="a">First counter.</param>
    /// <param name="b">Second counter, below 2^56.</param>
    public float Uniform(ulong a, ulong b) => (Bits(a, b) >> 40) * 5.9604644775390625e-8f;

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    /// <param name="a">First counter.</param>
    /// <param name="b">Second counter, below 2^56.</param>
    public double UniformDouble(ulong a, ulong b) => (Bits(a, b) >> 11) * 1.1102230246251565e-16;

    /// <summary>
    /// A uniform permutation in place (Fisher-Yates; bounded draws without bias), a function of (seed, stream, a).
    /// </summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <param name="items">The items, permuted in place.</param>
    /// <param name="a">First counter; the second one counts the draws.</param>
    /// <remarks>Source of the bounded draw: Lemire, "Fast random integer generation in an interval", 2019.</remarks>
    public void Shuffle<T>(Span<T> items, ulong a)
    {
        ulong draw = 0;
        for (int last = items.Length - 1; last > 0; last--)
        {
            ulong bound = (ulong)last + 1;
            ulong high = Math.BigMul(Bits(a, draw++), bound, out ulong low);
            if (low < bound)
            {
                ulong threshold = (0 - bound) % bound;
                while (low < threshold)
                {
                    high = Math.BigMul(Bits(a, draw++), bound, out low);
                }
            }

            (items[last], items[(int)high]) = (items[(int)high], items[last]);
        }
    }

    /// <summary>All 128 random bits for the counter (a, b), in four words.</summary>
    /// <param name="a">First counter, any value.</param>
    /// <param name="b">Second counter, below 2^56.</param>
    internal (uint X0, uint X1, uint X2, uint X3) Block(ulong a, ulong b)
    {
        ulong high = b | _stream;
        return Philox((uint)a, (uint)(a >> 32), (uint)high, (uint)(high >> 32), (uint)_seed, (uint)(_seed >> 32));
    }

    /// <summary>The block function: ten rounds over a 128-bit counter with a 64-bit key.</summary>
    internal static (uint X0, uint X1, uint X2, uint X3) Philox(uint x0, uint x1, uint x2, uint x3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * x0;
            ulong b = (ulong)MultiplierB * x2;
            (x0, x1, x2, x3) = ((uint)(b >> 32) ^ x1 ^ k0, (uint)b, (uint)(a >> 32) ^ x3 ^ k1, (uint)a);
            k0 += WeylA;
            k1 += WeylB;
        }

        return (x0, x1, x2, x3);
    }
}
