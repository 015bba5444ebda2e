using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Trainer.Formats;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name, e.g. <c>layers.0.weight</c>.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Data">The elements' little-endian bytes, row-major.</param>
public sealed record SafetensorsTensor(
    string Name, SafetensorsType Type, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes of an element.</summary>
    /// <param name="type">Its type.</param>
    public static int SizeOf(SafetensorsType type) => type switch
    {
        <= SafetensorsType.I8 => 1,
        <= SafetensorsType.BF16 => 2,
        <= SafetensorsType.F32 => 4,
        _ => 8,
    };

    /// <summary>A tensor of binary32 values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major, as many as the shape says.</param>
    public static SafetensorsTensor FromSingles(string name, ImmutableArray<long> shape, ReadOnlySpan<float> values)
    {
        return new SafetensorsTensor(name, SafetensorsType.F32, shape, ToBytes(values));
    }

    /// <summary>Little-endian bytes of binary32 values.</summary>
    internal static byte[] ToBytes(ReadOnlySpan<float> values)
    {
        byte[] data = new byte[checked(values.Length * sizeof(float))];
        CopyLittleEndian(MemoryMarshal.Cast<float, int>(values), MemoryMarshal.Cast<byte, int>(data.AsSpan()));
        return data;
    }

    /// <summary>The elements of a tensor of binary32 values.</summary>
    /// <exception cref="InvalidOperationException">It holds another type.</exception>
    public float[] ToSingles()
    {
        if (Type != SafetensorsType.F32)
        {
            throw new InvalidOperationException($"The tensor '{Name}' holds {Type}; this needs F32.");
        }

        float[] values = new float[Data.Length / sizeof(float)];
        CopyLittleEndian(MemoryMarshal.Cast<byte, int>(Data.Span), MemoryMarshal.Cast<float, int>(values.AsSpan()));
        return values;
    }

    private static void CopyLittleEndian(ReadOnlySpan<int> source, Span<int> target)
    {
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(target);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(source, target);
        }
    }
}
