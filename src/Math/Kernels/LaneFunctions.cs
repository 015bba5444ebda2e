using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

// The functions that LaneMap runs over spans; each is one line of maths.

internal readonly struct ExpFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> => FloatFunctions.Exp(x);
}

internal readonly struct SigmoidFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> => FloatFunctions.Sigmoid(x);
}

internal readonly struct LogFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> => FloatFunctions.Log(x);
}

internal readonly struct BinaryCrossEntropyFunction : IBinaryFunction
{
    // x is the logit z, y the target t: fma(-z, t, max(z, 0)) + log1p(exp(-|z|)). max as a comparison that keeps NaN:
    // NaN > 0 is false, and log1p(exp(NaN)) carries it on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        T minus = T.Broadcast(-1f);
        T zero = T.Broadcast(0f);
        T positive = T.Select(T.GreaterThan(x, zero), x, zero);
        T rest = FloatFunctions.Log1p(FloatFunctions.Exp(T.Multiply(T.Abs(x), minus)));
        return T.Add(T.MultiplyAdd(T.Multiply(x, minus), y, positive), rest);
    }
}

internal readonly struct TanhFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> => FloatFunctions.Tanh(x);
}

internal readonly struct ReluFunction : IUnaryFunction
{
    // NaN compares false with 0 on both sides, so it is chosen by its own comparison.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T positive = T.Select(T.GreaterThan(x, zero), x, zero);
        return T.Select(T.EqualTo(x, x), positive, x);
    }
}

internal readonly struct FlushFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> => FloatFunctions.FlushSubnormal(x);
}

internal readonly struct AddFunction : IBinaryFunction
{
    // x is the right child, y the left one: left + right.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => T.Add(y, x);
}

internal readonly struct MaskFunction : IBinaryFunction
{
    // x is the factor; where it is 0 the result is +0, whatever y is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        return T.Select(T.EqualTo(x, zero), zero, T.Multiply(y, x));
    }
}

internal readonly struct SigmoidDerivative : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T> =>
        FloatFunctions.FlushSubnormal(T.Multiply(y, T.Multiply(x, T.Subtract(T.Broadcast(1f), x))));
}

internal readonly struct TanhDerivative : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T> =>
        FloatFunctions.FlushSubnormal(
            T.Multiply(y, T.MultiplyAdd(T.Subtract(T.Broadcast(0f), x), x, T.Broadcast(1f))));
}

internal readonly struct ReluDerivative : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        return FloatFunctions.FlushSubnormal(T.Select(T.GreaterThan(x, zero), y, zero));
    }
}
