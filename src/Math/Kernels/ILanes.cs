namespace Trainer.Kernels;

/// <summary>
/// A vector of float32 lanes of one width. Kernels are written once against this contract and run at 512, 256, 128 bits
/// and scalar; every operation rounds each lane once, so every width gives the same bits.
/// </summary>
/// <typeparam name="T">The implementing struct.</typeparam>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Lanes of the vector.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* source);

    static abstract void Store(T value, float* target);

    static abstract T Broadcast(float value);

    static abstract T Add(T left, T right);

    static abstract T Subtract(T left, T right);

    static abstract T Multiply(T left, T right);

    static abstract T Divide(T left, T right);

    static abstract T Sqrt(T value);

    /// <summary><c>a * b + c</c>, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Abs(T value);

    /// <summary>The magnitude of one value with the sign of another.</summary>
    static abstract T CopySign(T magnitude, T sign);

    /// <summary>All bits of a lane set where left &gt; right; false with NaN.</summary>
    static abstract T GreaterThan(T left, T right);

    /// <summary>All bits of a lane set where left == right; false with NaN.</summary>
    static abstract T EqualTo(T left, T right);

    /// <summary>Where the mask is set the first value, else the second.</summary>
    static abstract T Select(T mask, T whenSet, T otherwise);

    /// <summary>
    /// <c>value * 2^n</c> for the integer n in [-250, 250] that <paramref name="shifted"/> = n + 1.5 * 2^23 holds in
    /// its low bits. Two multiplications by powers of two, the first exact, so that the result is rounded once also
    /// where it is subnormal.
    /// </summary>
    static abstract T ScaleByPowerOfTwo(T value, T shifted);

    /// <summary>
    /// For positive normal values: <paramref name="mantissa"/> in [0.5, 1) and the exponent as a float.
    /// </summary>
    static abstract T Exponent(T value, out T mantissa);

    /// <summary>True when a lane is NaN or infinite.</summary>
    static abstract bool AnyNonFinite(T value);
}
