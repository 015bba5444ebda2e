using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Trainer.Malformed;

/// <summary>Bytes of files, with whatever lies in them that a test wants.</summary>
internal static class MalformedFiles
{
    /// <summary>An IDX file: element type, lengths of the dimensions, elements.</summary>
    public static byte[] Idx(byte type, uint[] shape, byte[] elements)
    {
        byte[] header = new byte[4 + (4 * shape.Length)];
        (header[2], header[3]) = (type, (byte)shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + (4 * i)), shape[i]);
        }

        return [.. header, .. elements];
    }

    /// <summary>An NPY file of version 1: header as NumPy writes it, elements.</summary>
    public static byte[] Npy(string type, string shape, byte[] elements)
    {
        byte[] header = Encoding.Latin1.GetBytes(
            $"{{'descr': {type}, 'fortran_order': False, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. header, .. elements];
    }

    /// <summary>A safetensors file: header of JSON, bytes of the tensors.</summary>
    public static byte[] Safetensors(string header, int bytes) =>
        [.. LittleEndian((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]];

    /// <summary>Eight bytes, the lowest first.</summary>
    public static byte[] LittleEndian(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>The bytes packed, some times one after the other in one stream.</summary>
    public static byte[] Gzip(byte[] content, int times = 1)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int i = 0; i < times; i++)
            {
                gzip.Write(content);
            }
        }

        return packed.ToArray();
    }
}
