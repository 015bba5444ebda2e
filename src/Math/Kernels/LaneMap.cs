using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trainer.Kernels;

/// <summary>A function of one lane.</summary>
internal interface IUnaryFunction
{
    static abstract T Apply<T>(T x)
        where T : struct, ILanes<T>;
}

/// <summary>A function of two lanes.</summary>
internal interface IBinaryFunction
{
    static abstract T Apply<T>(T x, T y)
        where T : struct, ILanes<T>;
}

/// <summary>
/// Applies a lane function over spans, widest vectors first: 512, 256, 128 bits, then the scalar tail.
/// </summary>
internal static unsafe class LaneMap
{
    // Without a loop of their own the two would start unoptimised, and short jobs would end before that changes.

    /// <summary><c>y[i] = f(x[i])</c>; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unary<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : IUnaryFunction
    {
        ThrowHelper.RequireEqualLengths(nameof(x), x.Length, nameof(y), y.Length);
        fixed (float* source = &MemoryMarshal.GetReference(x), target = &MemoryMarshal.GetReference(y))
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = Run<TFunction, Lanes512>(source, target, i, x.Length);
            }

            if (LaneWidth.Has256)
            {
                i = Run<TFunction, Lanes256>(source, target, i, x.Length);
            }

            if (LaneWidth.Has128)
            {
                i = Run<TFunction, Lanes128>(source, target, i, x.Length);
            }

            _ = Run<TFunction, Lanes1>(source, target, i, x.Length);
        }
    }

    /// <summary><c>y[i] = f(x[i], y[i])</c>; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Binary<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : IBinaryFunction
    {
        ThrowHelper.RequireEqualLengths(nameof(x), x.Length, nameof(y), y.Length);
        fixed (float* source = &MemoryMarshal.GetReference(x), target = &MemoryMarshal.GetReference(y))
        {
            nint i = 0;
            if (LaneWidth.Has512)
            {
                i = RunBinary<TFunction, Lanes512>(source, target, i, x.Length);
            }

            if (LaneWidth.Has256)
            {
                i = RunBinary<TFunction, Lanes256>(source, target, i, x.Length);
            }

            if (LaneWidth.Has128)
            {
                i = RunBinary<TFunction, Lanes128>(source, target, i, x.Length);
            }

            _ = RunBinary<TFunction, Lanes1>(source, target, i, x.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Run<TFunction, T>(float* x, float* y, nint i, nint length)
        where TFunction : IUnaryFunction
        where T : struct, ILanes<T>
    {
        for (; i + T.Count <= length; i += T.Count)
        {
            T.Store(TFunction.Apply(T.Load(x + i)), y + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint RunBinary<TFunction, T>(float* x, float* y, nint i, nint length)
        where TFunction : IBinaryFunction
        where T : struct, ILanes<T>
    {
        for (; i + T.Count <= length; i += T.Count)
        {
            T.Store(TFunction.Apply(T.Load(x + i), T.Load(y + i)), y + i);
        }

        return i;
    }
}
