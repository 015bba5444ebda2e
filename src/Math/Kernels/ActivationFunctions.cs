using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

// The activations beyond sigmoid, tanh and ReLU, and their derivatives: y is the delta, x the activation a, or the
// pre-activation z where the derivative does not follow from a. Each derivative ends with the flush of numerics A9.

/// <summary>Constants of the activations.</summary>
internal static class ActivationConstants
{
    /// <summary>Slope of the leaky ReLU below 0.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>SELU's scale s.</summary>
    public const float SeluScale = 1.05070098735548f;

    /// <summary>SELU's s alpha.</summary>
    public const float SeluScaleAlpha = 1.75809934084738f;

    /// <summary>sqrt(1/2).</summary>
    public const float RootHalf = 0.707106781186548f;

    /// <summary>1 / sqrt(2 pi): the normal density at 0.</summary>
    public const float DensityAtZero = 0.398942280401433f;
}

internal readonly struct LeakyReluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> =>
        T.Select(
            T.GreaterThan(x, T.Broadcast(0f)), x, T.Multiply(x, T.Broadcast(ActivationConstants.LeakySlope)));
}

internal readonly struct EluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> =>
        T.Select(T.GreaterThan(x, T.Broadcast(0f)), x, FloatFunctions.Expm1(x));
}

internal readonly struct SeluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> =>
        T.Select(
            T.GreaterThan(x, T.Broadcast(0f)),
            T.Multiply(x, T.Broadcast(ActivationConstants.SeluScale)),
            T.Multiply(FloatFunctions.Expm1(x), T.Broadcast(ActivationConstants.SeluScaleAlpha)));
}

internal readonly struct GeluFunction : IUnaryFunction
{
    // (x/2) erf(x / sqrt 2) + x/2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T>
    {
        T half = T.Multiply(x, T.Broadcast(0.5f));
        return T.MultiplyAdd(
            half, FloatFunctions.Erf(T.Multiply(x, T.Broadcast(ActivationConstants.RootHalf))), half);
    }
}

internal readonly struct SiluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T> => T.Multiply(x, FloatFunctions.Sigmoid(x));
}

internal readonly struct SoftplusFunction : IUnaryFunction
{
    // max(x, 0) + log1p(exp(-|x|)); the logarithm carries NaN on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T positive = T.Select(T.GreaterThan(x, zero), x, zero);
        return T.Add(positive, FloatFunctions.Log1p(FloatFunctions.Exp(T.Subtract(zero, T.Abs(x)))));
    }
}

internal readonly struct LeakyReluDerivative : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T> =>
        FloatFunctions.FlushSubnormal(
            T.Select(
                T.GreaterThan(x, T.Broadcast(0f)), y, T.Multiply(y, T.Broadcast(ActivationConstants.LeakySlope))));
}

internal readonly struct EluDerivative : IBinaryFunction
{
    // Below 0 exp(z) = a + 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T> =>
        FloatFunctions.FlushSubnormal(
            T.Select(T.GreaterThan(x, T.Broadcast(0f)), y, T.Multiply(y, T.Add(x, T.Broadcast(1f)))));
}

internal readonly struct SeluDerivative : IBinaryFunction
{
    // Below 0 s alpha exp(z) = a + s alpha.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T> =>
        FloatFunctions.FlushSubnormal(
            T.Select(
                T.GreaterThan(x, T.Broadcast(0f)),
                T.Multiply(y, T.Broadcast(ActivationConstants.SeluScale)),
                T.Multiply(y, T.Add(x, T.Broadcast(ActivationConstants.SeluScaleAlpha)))));
}

internal readonly struct GeluDerivative : IBinaryFunction
{
    // Of z: Phi(z) + z phi(z) with Phi = (1 + erf(z / sqrt 2)) / 2 and phi = exp(-z^2 / 2) / sqrt(2 pi).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        T half = T.Broadcast(0.5f);
        T erf = FloatFunctions.Erf(T.Multiply(x, T.Broadcast(ActivationConstants.RootHalf)));
        T distribution = T.MultiplyAdd(half, erf, half);
        T exponential = FloatFunctions.Exp(T.Multiply(T.Multiply(T.Broadcast(-0.5f), x), x));
        T density = T.Multiply(exponential, T.Broadcast(ActivationConstants.DensityAtZero));
        return FloatFunctions.FlushSubnormal(T.Multiply(y, T.MultiplyAdd(x, density, distribution)));
    }
}

internal readonly struct SiluDerivative : IBinaryFunction
{
    // Of z: s (1 + z (1 - s)) with s = sigmoid(z).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        T one = T.Broadcast(1f);
        T s = FloatFunctions.Sigmoid(x);
        T slope = T.Multiply(s, T.MultiplyAdd(x, T.Subtract(one, s), one));
        return FloatFunctions.FlushSubnormal(T.Multiply(y, slope));
    }
}

internal readonly struct SoftplusDerivative : IBinaryFunction
{
    // sigmoid(z) = 1 - exp(-a)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        T zero = T.Broadcast(0f);
        T slope = T.Subtract(zero, FloatFunctions.Expm1(T.Subtract(zero, x)));
        return FloatFunctions.FlushSubnormal(T.Multiply(y, slope));
    }
}
