namespace Trainer.Kernels;

/// <summary>Arrays that begin at a cache line: a vector of 512 bits then never lies in two.</summary>
public static class AlignedMemory
{
    private const int Line = 64;

    /// <summary>Zeros that never move; the memory lives as long as somebody holds it.</summary>
    /// <param name="length">Floats.</param>
    /// <returns>The memory.</returns>
    public static unsafe Memory<float> Allocate(int length)
    {
        float[] array = GC.AllocateArray<float>(checked(length + (Line / sizeof(float))), pinned: true);
        fixed (float* first = array)
        {
            return array.AsMemory((int)(-(nint)first & (Line - 1)) / sizeof(float), length);
        }
    }
}
