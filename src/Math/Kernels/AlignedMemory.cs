namespace Trainer.Kernels;

/// <summary>Arrays that begin at a cache line: a vector of 512 bits then never lies in two.</summary>
public static class AlignedMemory
{
    private const int Line = 64;

    /// <summary>Zeros that never move; the memory lives as long as somebody holds it.</summary>
    /// <param name="length">Floats.</param>
    /// <returns>The memory.</returns>
    public static Memory<float> Allocate(int length)
    {
        float[] array = AllocatePinned(length);
        return array.AsMemory(FirstAligned(array), length);
    }

    /// <summary>The same as an array, which is a line longer.</summary>
    /// <param name="length">Floats from <see cref="FirstAligned"/> on.</param>
    public static float[] AllocatePinned(int length) =>
        GC.AllocateArray<float>(checked(length + (Line / sizeof(float))), pinned: true);

    /// <summary>The first element of a pinned array that begins a cache line.</summary>
    /// <param name="pinned">The array.</param>
    public static unsafe int FirstAligned(float[] pinned)
    {
        fixed (float* first = pinned)
        {
            return (int)(-(nint)first & (Line - 1)) / sizeof(float);
        }
    }
}
