using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Kernels;

/// <summary>256 bits: 8 lanes.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* target) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 left, Lanes256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 left, Lanes256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 left, Lanes256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Divide(Lanes256 left, Lanes256 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 CopySign(Lanes256 magnitude, Lanes256 sign) =>
        new(Vector256.ConditionalSelect(Vector256.Create(-0f), sign._value, magnitude._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 GreaterThan(Lanes256 left, Lanes256 right) =>
        new(Vector256.GreaterThan(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 EqualTo(Lanes256 left, Lanes256 right) => new(Vector256.Equals(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 whenSet, Lanes256 otherwise) =>
        new(Vector256.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 value, Lanes256 shifted)
    {
        Vector256<int> power = shifted._value.AsInt32() - Vector256.Create(FloatBits.Shifter).AsInt32();
        Vector256<int> first = Vector256.ShiftRightArithmetic(power, 1);
        Vector256<int> bias = Vector256.Create(FloatBits.ExponentBias);
        Vector256<float> low = Vector256.ShiftLeft(first + bias, FloatBits.MantissaBits).AsSingle();
        Vector256<float> high = Vector256.ShiftLeft(power - first + bias, FloatBits.MantissaBits).AsSingle();
        return new(value._value * low * high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Exponent(Lanes256 value, out Lanes256 mantissa)
    {
        Vector256<int> bits = value._value.AsInt32();
        Vector256<int> fraction = bits & Vector256.Create(FloatBits.MantissaMask);
        mantissa = new((fraction | Vector256.Create(FloatBits.HalfExponent)).AsSingle());
        return new(Vector256.ConvertToSingle(
            Vector256.ShiftRightLogical(bits, FloatBits.MantissaBits) - Vector256.Create(FloatBits.ExponentBias - 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyNonFinite(Lanes256 value) =>
        !Vector256.LessThanOrEqualAll(Vector256.Abs(value._value), Vector256.Create(float.MaxValue));
}
