using System.Buffers.Binary;
using System.Text;

using CsCheck;

using Trainer.Data;

using Xunit;

namespace Trainer.Formats;

public sealed class SafetensorsFileTests : IDisposable
{
    // What Python's safetensors writes for {"b": int64 [2], "a": float32 [1, 2]} with metadata {"format": "pt"}: larger
    // types first, the header padded with spaces to 8 bytes.
    private const string PythonHeader =
        """{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}"""
        + ""","a":{"dtype":"F32","shape":[1,2],"data_offsets":[16,24]}}""";

    private static readonly byte[] PythonData =
        [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 128, 63, 0, 0, 0, 192];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_BytesOfPython_HasItsTensors()
    {
        SafetensorsFile file = SafetensorsFile.Parse(Bytes(PythonHeader.PadRight(152), PythonData), "python");

        Assert.Equal("pt", Assert.Single(file.Metadata).Value);
        Assert.Equal(["b", "a"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(SafetensorsType.I64, file.Tensors[0].Type);
        Assert.Equal([1, -1], Int64s(file.Tensors[0]));
        Assert.Equal([1, 2], file.Tensors[1].Shape);
        Assert.Equal([1f, -2f], file.Tensors[1].ToSingles());
    }

    [Fact]
    public void Write_Tensors_HasTheLayoutOfTheFormat()
    {
        var file = new SafetensorsFile(
            [SafetensorsTensor.FromSingles("w", [1, 2], [1, -2])],
            new Dictionary<string, string> { ["job"] = "{\"a\": 1}" });
        using var stream = new MemoryStream();

        file.Write(stream);

        const string header = """{"__metadata__":{"job":"{\"a\": 1}"}"""
            + ""","w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
        int padded = (header.Length + 7) / 8 * 8;
        Assert.Equal(Bytes(header.PadRight(padded), [0, 0, 128, 63, 0, 0, 0, 192]), stream.ToArray());
    }

    [Fact]
    public void Read_WrittenFile_IsTheSame()
    {
        string path = _folder.File("model.safetensors");
        var written = new SafetensorsFile(
            [
                SafetensorsTensor.FromSingles("scalar", [], [3.5f]),
                SafetensorsTensor.FromSingles("none", [0, 7], []),
                SafetensorsTensor.FromSingles("weight", [2, 3], [1, 2, 3, -0f, float.Epsilon, float.MaxValue]),
            ],
            new Dictionary<string, string> { ["ä"] = "line\nbreak \"quoted\" \u2028" });

        written.Write(path);
        SafetensorsFile read = SafetensorsFile.Read(path);

        Assert.Equal(written.Metadata, read.Metadata);
        Assert.Equal(written.Tensors.Select(Describe), read.Tensors.Select(Describe));
    }

    [Fact]
    public void Write_SameNameTwice_Throws()
    {
        SafetensorsTensor tensor = SafetensorsTensor.FromSingles("w", [1], [1]);
        var file = new SafetensorsFile([tensor, tensor], new Dictionary<string, string>());

        Assert.Throws<InvalidOperationException>(() => file.Write(new MemoryStream()));
    }

    [Fact]
    public void Write_ShapeOfOtherSize_Throws()
    {
        var file = new SafetensorsFile(
            [SafetensorsTensor.FromSingles("w", [3], [1, 2])], new Dictionary<string, string>());

        Assert.Throws<InvalidOperationException>(() => file.Write(new MemoryStream()));
    }

    [Theory]
    [InlineData("", "its header does not start with '{'")]
    [InlineData("[]", "its header does not start with '{'")]
    [InlineData("{", "its header is not JSON from byte 1 on")]
    [InlineData("{}{}", "its header is not JSON from byte 2 on")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[1]]]]}}""", "its header is not JSON from byte 29 on")]
    [InlineData("""{"a":1}""", "its tensor 'a' needs exactly dtype, shape and data_offsets")]
    [InlineData("""{"a\n\u0007":1}""", "its tensor 'a\\n\\u0007' needs exactly dtype, shape and data_offsets")]
    [InlineData("""{"\ud800":1}""", "its header has text that is not UTF-8")]
    [InlineData("""{"__metadata__":[]}""", "its '__metadata__' is not an object")]
    [InlineData("""{"__metadata__":{"a":1}}""", "its metadata 'a' is not a string")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", "its metadata has 'a' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "its header has '__metadata__' twice")]
    public void Parse_BadHeader_SaysWhy(string header, string reason) => AssertRefused(Bytes(header, []), reason);

    [Theory]
    [InlineData("F32", "[2]", "[0,8]", 7, "it is cut off: 7 of 8 bytes of its tensors are there")]
    [InlineData("F32", "[2]", "[0,8]", 9, "it has 1 bytes after its last tensor")]
    [InlineData("F32", "[3]", "[0,8]", 8, "its tensor 'a' has 8 bytes, which is not what its shape needs")]
    [InlineData("F32", "[2]", "[8,0]", 8, "its tensor 'a' needs data_offsets of a begin and an end")]
    [InlineData("F32", "[2]", "[0,4,8]", 8, "its tensor 'a' needs data_offsets of a begin and an end")]
    [InlineData("F32", "[2]", "[4,12]", 12, "its tensor 'a' leaves a gap before it: it starts at byte 4, not 0")]
    [InlineData("F32", "[-2]", "[0,8]", 8, "its tensor 'a' has '-2' in shape, not a whole number from 0")]
    [InlineData("F32", "[1.5]", "[0,8]", 8, "its tensor 'a' has '1.5' in shape, not a whole number from 0")]
    [InlineData("F32", "{}", "[0,8]", 8, "its tensor 'a' has a shape that is not a list")]
    [InlineData(
        "F32", "[4611686018427387905]", "[0,4]", 4, "its tensor 'a' has 4 bytes, which is not what its shape needs")]
    [InlineData(
        "F32", "[4294967296,4294967296]", "[0,0]", 0, "its tensor 'a' has 0 bytes, which is not what its shape needs")]
    [InlineData(
        "F32", "[9223372036854775807]", "[0,9223372036854775807]", 0,
        "its tensor 'a' has 9223372036854775807 bytes, which is not what its shape needs")]
    [InlineData(
        "U8", "[9223372036854775807]", "[0,9223372036854775807]", 0,
        "its tensor 'a' has 9223372036854775807 bytes; at most 2147483591 can be read")]
    public void Parse_BadTensor_SaysWhy(string type, string shape, string offsets, int dataBytes, string reason) =>
        AssertRefused(Bytes(Header("a", type, shape, offsets), new byte[dataBytes]), reason);

    [Theory]
    [InlineData("f32")]
    [InlineData("9")]
    [InlineData("F32, U8")]
    public void Parse_UnknownType_NamesTheKnown(string type) => AssertRefused(
        Bytes(Header("a", type, "[1]", "[0,4]"), new byte[4]),
        $"its tensor 'a' has dtype '{type}'; known are BOOL U8 I8 U16 I16 F16 BF16 U32 I32 F32 U64 I64 F64");

    [Fact]
    public void Parse_SameTensorTwice_SaysSo()
    {
        string one = Header("a", "F32", "[1]", "[0,4]")[1..^1];

        AssertRefused(Bytes($"{{{one},{one}}}", new byte[4]), "its header has 'a' twice");
    }

    [Fact]
    public void Parse_OverlappingTensors_SaysSo()
    {
        string header = $"{{{Header("a", "F32", "[2]", "[0,8]")[1..^1]},{Header("b", "F32", "[1]", "[4,8]")[1..^1]}}}";

        AssertRefused(Bytes(header, new byte[8]), "its tensor 'b' overlaps another: it starts at byte 4, not 8");
    }

    [Fact]
    public void Parse_TextThatIsNotUtf8_SaysSo()
    {
        byte[] content = Bytes("""{"__metadata__":{"a":"?"}}""", []);
        content[Array.IndexOf(content, (byte)'?')] = 0xC3;

        AssertRefused(content, "its header has text that is not UTF-8");
    }

    [Theory]
    [InlineData(7, 0, "it has 7 bytes, and such a file starts with 8 bytes of header length")]
    [InlineData(8, 1, "it is cut off: 0 of 1 bytes of its header are there")]
    [InlineData(8, 100_000_001, "its header would have 100000001 bytes; at most 100000000 are allowed")]
    [InlineData(8, -1, "its header would have 18446744073709551615 bytes; at most 100000000 are allowed")]
    public void Parse_BadHeaderLength_SaysWhy(int bytes, long headerLength, string reason)
    {
        byte[] content = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(content, headerLength);

        AssertRefused(content[..bytes], reason);
    }

    [Fact]
    public void Read_NoSuchFile_SaysSo()
    {
        string path = _folder.File("none.safetensors");

        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Read(path));

        Assert.Equal($"'{path}' cannot be read: it does not exist.", error.Message);
    }

    [Fact]
    public void Read_EmptyFile_SaysSo()
    {
        string path = _folder.File("empty.safetensors");
        File.WriteAllBytes(path, []);

        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Read(path));

        Assert.Equal($"'{path}' is empty, or no regular file; give a safetensors file.", error.Message);
    }

    [Fact]
    public void Read_Folder_IsADataException() =>
        Assert.Throws<DataException>(() => SafetensorsFile.Read(_folder.Path));

    [Fact]
    public void Parse_AnyDamage_IsADataExceptionOrAFileOfSuchBytes() => Damage.Of(Bytes(PythonHeader, PythonData))
        .Sample(content =>
        {
            try
            {
                SafetensorsFile file = SafetensorsFile.Parse(content, "damaged");
                Assert.True(file.Tensors.Sum(tensor => (long)tensor.Data.Length) < content.Length);
            }
            catch (DataException error)
            {
                Assert.StartsWith("'damaged' is not a safetensors file: ", error.Message);
                Assert.DoesNotContain(error.Message, char.IsControl);
            }
        });

    [Fact]
    public void Parse_HeaderLengthOfAnySize_AllocatesNoMoreThanTheFile()
    {
        byte[] content = Bytes(PythonHeader, PythonData);
        BinaryPrimitives.WriteInt64LittleEndian(content, SafetensorsFile.LongestHeader);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<DataException>(() => SafetensorsFile.Parse(content, "damaged"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static void AssertRefused(byte[] content, string reason)
    {
        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Parse(content, "m.safetensors"));

        Assert.Equal($"'m.safetensors' is not a safetensors file: {reason}.", error.Message);
    }

    private static string Header(string name, string type, string shape, string offsets) =>
        $"{{\"{name}\":{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}";

    private static byte[] Bytes(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    private static long[] Int64s(SafetensorsTensor tensor) =>
        [.. tensor.Data.ToArray().Chunk(8).Select(bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes))];

    private static string Describe(SafetensorsTensor tensor) =>
        $"{tensor.Name} {tensor.Type} [{string.Join(',', tensor.Shape)}] {Convert.ToHexString(tensor.Data.Span)}";
}
