using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trainer.Kernels;

/// <summary>Turns rows of bytes into floats: the same bits at every vector width (numerics A6).</summary>
public static unsafe class ByteKernels
{
    /// <summary>
    /// Scales a row of bytes into its places in panels, <c>y = (x - offset) / scale</c> in double, rounded once to
    /// float.
    /// </summary>
    /// <param name="x">The bytes, shape [I].</param>
    /// <param name="offsets">What is subtracted from each, shape [I].</param>
    /// <param name="scales">What each difference is divided by, shape [I].</param>
    /// <param name="y">
    /// Receives byte i at <c>i / 32 * stride + i % 32</c>; other places are left alone.
    /// </param>
    /// <param name="stride">Floats from panel to panel, at least 32; 32 itself gives a plain row.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the target is too short.</exception>
    public static void Scale(
        ReadOnlySpan<byte> x, ReadOnlySpan<double> offsets, ReadOnlySpan<double> scales, Span<float> y, int stride)
    {
        ThrowHelper.RequireEqualLengths(nameof(x), x.Length, nameof(offsets), offsets.Length);
        ThrowHelper.RequireEqualLengths(nameof(x), x.Length, nameof(scales), scales.Length);
        ThrowHelper.RequireLength(nameof(stride), stride, Panels.Width);
        if (x.IsEmpty)
        {
            return;
        }

        int last = (x.Length - 1) / Panels.Width;
        ThrowHelper.RequireLength(nameof(y), y.Length, checked((last * stride) + x.Length - (last * Panels.Width)));
        fixed (byte* bytes = &MemoryMarshal.GetReference(x))
        fixed (double* offset = &MemoryMarshal.GetReference(offsets), scale = &MemoryMarshal.GetReference(scales))
        fixed (float* target = &MemoryMarshal.GetReference(y))
        {
            for (int panel = 0; panel <= last; panel++)
            {
                int first = panel * Panels.Width;
                int count = Math.Min(Panels.Width, x.Length - first);
                ScalePanel(bytes + first, offset + first, scale + first, target + ((nint)panel * stride), count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScalePanel(byte* x, double* offset, double* scale, float* y, int count)
    {
        int i = 0;
        if (LaneWidth.Has512)
        {
            for (; i + Vector512<double>.Count <= count; i += Vector512<double>.Count)
            {
                Vector512<double> value = Avx512F.ConvertToVector512Double(Avx2.ConvertToVector256Int32(x + i));
                value = (value - Vector512.Load(offset + i)) / Vector512.Load(scale + i);
                Avx512F.ConvertToVector256Single(value).Store(y + i);
            }
        }

        if (LaneWidth.Has256)
        {
            for (; i + Vector256<double>.Count <= count; i += Vector256<double>.Count)
            {
                Vector256<double> value = Avx.ConvertToVector256Double(Sse41.ConvertToVector128Int32(x + i));
                value = (value - Vector256.Load(offset + i)) / Vector256.Load(scale + i);
                Avx.ConvertToVector128Single(value).Store(y + i);
            }
        }

        if (LaneWidth.Has128)
        {
            for (; i + Vector128<float>.Count <= count; i += Vector128<float>.Count)
            {
                Vector128<byte> four = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(x + i)).AsByte();
                Vector128<uint> values = Vector128.WidenLower(Vector128.WidenLower(four));
                (Vector128<ulong> low, Vector128<ulong> high) = Vector128.Widen(values);
                Vector128<double> left = Two(low, offset + i, scale + i);
                Vector128.Narrow(left, Two(high, offset + i + 2, scale + i + 2)).Store(y + i);
            }
        }

        for (; i < count; i++)
        {
            y[i] = (float)((x[i] - offset[i]) / scale[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Two(Vector128<ulong> x, double* offset, double* scale) =>
        (Vector128.ConvertToDouble(x.AsInt64()) - Vector128.Load(offset)) / Vector128.Load(scale);
}
