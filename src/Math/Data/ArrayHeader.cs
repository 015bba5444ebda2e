using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Trainer.Data;

/// <summary>Type and shape of an array in a file: IDX (the format of MNIST) or NPY (that of NumPy).</summary>
/// <param name="Kind"><c>u</c> unsigned, <c>i</c> signed, <c>f</c> floating point, as NumPy calls them.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="IsBigEndian">Whether the first byte of an element is the highest.</param>
/// <param name="Shape">Lengths of the dimensions, rows first.</param>
internal sealed partial record ArrayHeader(char Kind, int Size, bool IsBigEndian, ImmutableArray<long> Shape)
{
    private const int MostDimensions = 8;
    private const int LongestHeader = 1 << 16;
    private const long MostColumns = 1 << 20;

    /// <summary>Whether a file starts like an array.</summary>
    /// <param name="head">Its first bytes, unpacked.</param>
    public static bool IsArray(ReadOnlySpan<byte> head) => IsNumpy(head)
        || (head.Length >= 4 && head[0] == 0 && head[1] == 0 && head[2] is >= 8 and <= 14 && head[3] is > 0 and < 32);

    /// <summary>Reads the header; the file then stands at the first element.</summary>
    /// <exception cref="DataException">It is damaged, or not one that this program reads.</exception>
    public static ArrayHeader Read(SourceFile file, string name)
    {
        byte[] magic = Bytes(file, 4, name);
        ArrayHeader header = IsNumpy(magic) ? Numpy(file, name) : Idx(file, magic, name);
        long columns = 1;
        foreach (long length in header.Shape.Skip(1))
        {
            columns = length > MostColumns ? MostColumns + 1 : columns * length;
            if (columns is 0 or > MostColumns)
            {
                throw Wrong(name, $"its shape is ({header.Describe()}); a row has 1 to {MostColumns} numbers");
            }
        }

        return header.Shape[0] is > 0 and <= int.MaxValue
            ? header
            : throw Wrong(name, $"its shape is ({header.Describe()}); it needs 1 to {int.MaxValue} rows");
    }

    /// <summary>Rows.</summary>
    public int Rows => (int)Shape[0];

    /// <summary>Numbers of a row.</summary>
    public int Columns => (int)Shape.Skip(1).Aggregate(1L, (product, length) => product * length);

    /// <summary>The element at the start of some bytes.</summary>
    public double Element(ReadOnlySpan<byte> bytes) => (Kind, Size, IsBigEndian) switch
    {
        ('u', 1, _) => bytes[0],
        ('i', 1, _) => (sbyte)bytes[0],
        ('u', 2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        ('u', 2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ('i', 2, true) => BinaryPrimitives.ReadInt16BigEndian(bytes),
        ('i', 2, false) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ('u', 4, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        ('u', 4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ('i', 4, true) => BinaryPrimitives.ReadInt32BigEndian(bytes),
        ('i', 4, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ('u', 8, true) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        ('u', 8, false) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        ('i', 8, true) => BinaryPrimitives.ReadInt64BigEndian(bytes),
        ('i', 8, false) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ('f', 4, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
        ('f', 4, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ('f', 8, true) => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    /// <summary>Reads exactly these bytes.</summary>
    /// <returns>False when the file ends before.</returns>
    public static bool TryFill(SourceFile file, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = file.Read(bytes);
            if (read == 0)
            {
                return false;
            }

            bytes = bytes[read..];
        }

        return true;
    }

    private static bool IsNumpy(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x93, 0x4E, 0x55, 0x4D]);

    private string Describe() => string.Join(", ", Shape);

    private static DataException Wrong(string name, string reason) =>
        new($"Data file '{name}' cannot be read as an array: {reason}; check the file.");

    private static byte[] Bytes(SourceFile file, int count, string name)
    {
        byte[] bytes = new byte[count];
        return TryFill(file, bytes) ? bytes : throw Wrong(name, "its header is cut off");
    }

    private static ArrayHeader Idx(SourceFile file, byte[] magic, string name)
    {
        (char Kind, int Size) element = magic[2] switch
        {
            0x08 => ('u', 1),
            0x09 => ('i', 1),
            0x0B => ('i', 2),
            0x0C => ('i', 4),
            0x0D => ('f', 4),
            0x0E => ('f', 8),
            _ => throw Wrong(name, $"its element type is 0x{magic[2]:X2}; IDX has 08, 09, 0B, 0C, 0D and 0E"),
        };
        if (magic[0] != 0 || magic[1] != 0 || magic[3] is 0 or > MostDimensions)
        {
            throw Wrong(name, $"it has {magic[3]} dimensions or no IDX header; 1 to {MostDimensions} are allowed");
        }

        byte[] sizes = Bytes(file, sizeof(uint) * magic[3], name);
        long[] shape = new long[magic[3]];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(sizeof(uint) * i));
        }

        return new ArrayHeader(element.Kind, element.Size, true, [.. shape]);
    }

    private static ArrayHeader Numpy(SourceFile file, string name)
    {
        byte[] rest = Bytes(file, 4, name);
        if (rest[0] != (byte)'P' || rest[1] != (byte)'Y' || rest[2] is < 1 or > 3)
        {
            throw Wrong(name, $"it is no NPY file of version 1 to 3");
        }

        long length = rest[2] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(Bytes(file, sizeof(ushort), name))
            : BinaryPrimitives.ReadUInt32LittleEndian(Bytes(file, sizeof(uint), name));
        if (length > LongestHeader)
        {
            throw Wrong(name, $"its header has {length} bytes; at most {LongestHeader} are allowed");
        }

        string text = Encoding.Latin1.GetString(Bytes(file, (int)length, name));
        Match type = Descr().Match(text);
        if (!type.Success)
        {
            throw Wrong(name, "its element type is none of u1 u2 u4 u8, i1 i2 i4 i8, f4 f8");
        }

        if (!COrder().IsMatch(text))
        {
            throw Wrong(name, "it is in Fortran order; save it by numpy.ascontiguousarray");
        }

        return new ArrayHeader(
            type.Groups[2].Value[0], type.Groups[3].Value[0] - '0', type.Groups[1].Value == ">", ShapeOf(text, name));
    }

    private static ImmutableArray<long> ShapeOf(string text, string name)
    {
        Match shape = ShapeTuple().Match(text);
        string[] lengths = shape.Groups[1].Value.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] values = new long[lengths.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!long.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
            {
                throw Wrong(name, $"its shape is ({DataText.Show(shape.Groups[1].Value)})");
            }
        }

        return shape.Success && values.Length is > 0 and <= MostDimensions
            ? [.. values]
            : throw Wrong(name, $"it has {values.Length} dimensions; 1 to {MostDimensions} are allowed");
    }

    [GeneratedRegex(@"'descr':\s*'([<>|=])([uif])([1248])'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order':\s*False")]
    private static partial Regex COrder();

    [GeneratedRegex(@"'shape':\s*\(([0-9,\sL]*)\)")]
    private static partial Regex ShapeTuple();
}
