namespace Trainer.Kernels;

/// <summary>The fields of a binary32 number.</summary>
internal static class FloatBits
{
    /// <summary>
    /// 1.5 * 2^23: adding it rounds to an integer, to nearest even, and leaves that integer in the low bits.
    /// </summary>
    public const float Shifter = 12582912f;

    /// <summary>Bias of the exponent.</summary>
    public const int ExponentBias = 127;

    /// <summary>Explicit bits of the mantissa.</summary>
    public const int MantissaBits = 23;

    /// <summary>The mantissa's bits.</summary>
    public const int MantissaMask = 0x007FFFFF;

    /// <summary>The bits of 0.5: a mantissa under it lies in [0.5, 1).</summary>
    public const int HalfExponent = 0x3F000000;

    /// <summary>2^-126, the smallest normal number.</summary>
    public const float SmallestNormal = 1.17549435e-38f;
}
