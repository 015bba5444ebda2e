using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

/// <summary>
/// One lane: the tails, and the whole vector where there is no SIMD. Masks are bit patterns, as in the wide ones.
/// </summary>
internal readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    public static int Count => 1;

    /// <summary>The lane.</summary>
    public float Value { get; } = value;

    public static Lanes1 Load(float* source) => new(*source);

    public static void Store(Lanes1 value, float* target) => *target = value.Value;

    public static Lanes1 Broadcast(float value) => new(value);

    public static Lanes1 Add(Lanes1 left, Lanes1 right) => new(left.Value + right.Value);

    public static Lanes1 Subtract(Lanes1 left, Lanes1 right) => new(left.Value - right.Value);

    public static Lanes1 Multiply(Lanes1 left, Lanes1 right) => new(left.Value * right.Value);

    public static Lanes1 Divide(Lanes1 left, Lanes1 right) => new(left.Value / right.Value);

    public static Lanes1 Sqrt(Lanes1 value) => new(MathF.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) =>
        new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    public static Lanes1 Abs(Lanes1 value) => new(MathF.Abs(value.Value));

    public static Lanes1 CopySign(Lanes1 magnitude, Lanes1 sign) => new(MathF.CopySign(magnitude.Value, sign.Value));

    public static Lanes1 GreaterThan(Lanes1 left, Lanes1 right) => Mask(left.Value > right.Value);

    public static Lanes1 EqualTo(Lanes1 left, Lanes1 right) => Mask(left.Value == right.Value);

    public static Lanes1 Select(Lanes1 mask, Lanes1 whenSet, Lanes1 otherwise) =>
        BitConverter.SingleToInt32Bits(mask.Value) != 0 ? whenSet : otherwise;

    public static Lanes1 ScaleByPowerOfTwo(Lanes1 value, Lanes1 shifted)
    {
        int power = BitConverter.SingleToInt32Bits(shifted.Value) - BitConverter.SingleToInt32Bits(FloatBits.Shifter);
        int first = power >> 1;
        float low = BitConverter.Int32BitsToSingle((first + FloatBits.ExponentBias) << FloatBits.MantissaBits);
        float high = BitConverter.Int32BitsToSingle((power - first + FloatBits.ExponentBias) << FloatBits.MantissaBits);
        return new(value.Value * low * high);
    }

    public static Lanes1 Exponent(Lanes1 value, out Lanes1 mantissa)
    {
        int bits = BitConverter.SingleToInt32Bits(value.Value);
        mantissa = new(BitConverter.Int32BitsToSingle((bits & FloatBits.MantissaMask) | FloatBits.HalfExponent));
        return new((int)((uint)bits >> FloatBits.MantissaBits) - (FloatBits.ExponentBias - 1));
    }

    public static bool AnyNonFinite(Lanes1 value) => !float.IsFinite(value.Value);

    private static Lanes1 Mask(bool set) => new(BitConverter.Int32BitsToSingle(set ? -1 : 0));
}
