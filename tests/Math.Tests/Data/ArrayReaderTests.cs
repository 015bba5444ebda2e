using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

using Xunit;

using Trainer.Models;

namespace Trainer.Data;

public sealed class ArrayReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<byte[], string> Malformed => new()
    {
        { Idx(0x08, [2, int.MaxValue, int.MaxValue], new byte[8]), "its shape is (2, 2147483647, 2147483647)" },
        { Idx(0x08, [int.MaxValue, 2], new byte[8]), "has 8 bytes of numbers, but its shape (2147483647, 2) needs" },
        { Idx(0x08, [-1, 2], new byte[8]), "its shape is (4294967295, 2); it needs 1 to 2147483647 rows" },
        { Idx(0x08, [0, 2], []), "its shape is (0, 2)" },
        { Idx(0x08, [2, 0], []), "its shape is (2, 0)" },
        { Idx(0x08, [2, 2], new byte[3]), "has 3 bytes of numbers, but its shape (2, 2) needs 4" },
        { Idx(0x08, [2, 2], new byte[5]), "has 5 bytes of numbers, but its shape (2, 2) needs 4" },
        { Gzip(Idx(0x08, [2, 2], new byte[3])), "ends within row 2 of 2" },
        { Gzip(Idx(0x08, [2, 2], new byte[5])), "has more bytes than its 2 rows" },
        { Gzip(Idx(0x08, [int.MaxValue, 2], new byte[5])), "ends within row 3 of 2147483647" },
        { Idx(0x0A, [2, 2], new byte[4]), "its element type is 0x0A" },
        { [0, 0, 8, 3, 0, 0], "its header is cut off" },
        { [0, 0, 8, 31, 0, 0], "it has 31 dimensions" },
        { Npy("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }", []), "its element type is none of" },
        { Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", new byte[16]), "it is in Fortran order" },
        { Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", new byte[4]), "it has 0 dimensions" },
        { Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", []), "its shape is (9" },
        { Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,), }", []), "its shape is (9" },
        { Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", new byte[15]), "has 15 bytes of numbers" },
        { [0x93, .. "NUMPY"u8, 9, 0], "it is no NPY file of version 1 to 3" },
        { [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 127], "its header has 2147483647 bytes" },
        { [0x93, .. "NUMPY"u8, 1, 0, 255, 0], "its header is cut off" },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_IdxImages_HavePixelsAndLabels(bool packed)
    {
        byte[] images = Idx(0x08, [3, 1, 2], [0, 255, 1, 2, 3, 4]);
        byte[] labels = Idx(0x08, [3], [7, 9, 7]);

        DataPlan plan = TempFolder.Plan(TempFolder.Request(
            Source(packed ? Gzip(images) : images, packed ? Gzip(labels) : labels), []));

        Assert.Equal(["pixel_0_0", "pixel_0_1"], plan.Pipeline.FeatureColumns);
        Assert.Equal((OutputUnit.Sigmoid, 3), (plan.OutputUnit, plan.Rows(DataPart.Train)));
        RowSet rows = TempFolder.Load(DataPlan.FromJson(plan.ToJson()), rows: [2, 0]);
        Assert.Equal([3, 4, 0, 255], rows.Features);
        Assert.Equal([0, 0], rows.Targets);
    }

    [Theory]
    [InlineData("<f4", 4)]
    [InlineData(">f4", 4)]
    [InlineData("<f8", 8)]
    [InlineData("<i2", 2)]
    [InlineData(">i2", 2)]
    [InlineData("<i4", 4)]
    [InlineData("<i8", 8)]
    [InlineData("|i1", 1)]
    public void Load_NpyOfAnyType_HasItsNumbers(string type, int size)
    {
        double[] values = [-1, 0, 100, 7];
        byte[] bytes = [.. values.SelectMany(value => Element(value, type, size))];
        byte[] file = Npy($"{{'descr': '{type}', 'fortran_order': False, 'shape': (2, 2), }}", bytes);
        byte[] labels = Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [0, 1]);

        RowSet rows = TempFolder.Load(TempFolder.Plan(TempFolder.Request(Source(file, labels), [])));

        Assert.Equal([-1, 0, 100, 7], rows.Features);
        Assert.Equal([0, 1], rows.Targets);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Create_MalformedArray_SaysWhy(byte[] file, string reason)
    {
        DataSource source = Source(file, Idx(0x08, [2], [0, 1]));

        DataException error = Assert.Throws<DataException>(() =>
        {
            using var reader = new ArrayFile(source);
            for (int row = 1; row <= reader.Header.Rows; row++)
            {
                reader.Read(row);
            }

            reader.Finish();
        });

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("'x.csv'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Create_NotAsManyLabelsAsRows_SaysSo()
    {
        DataSource source = Source(Idx(0x08, [2, 1], [1, 2]), Idx(0x08, [3], [0, 1, 0]));

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(TempFolder.Request(source, [])));

        Assert.Equal(
            "'x.csv' has 2 rows, but its label file 'labels' has 3; give files that belong together.", error.Message);
    }

    [Fact]
    public void Create_NotANumberInFloats_NamesRowAndColumn()
    {
        byte[] bytes = [.. new[] { 1f, float.NaN }.SelectMany(BitConverter.GetBytes)];
        byte[] file = Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", bytes);

        DataException error = Assert.Throws<DataException>(
            () => TempFolder.Plan(TempFolder.Request(Source(file, Idx(0x08, [2], [0, 1])), [])));

        Assert.Equal(
            "'x.csv' row 2, column 'column_1': 'NaN' is not a finite number; correct it or remove the row.",
            error.Message);
    }

    [Fact]
    public void Load_TestSource_IsTheTestPart()
    {
        DataSource train = _folder.Csv("a,y\n1,no\n2,yes\n3,no\n", "train.csv");
        DataSource test = _folder.Csv("y,a\nyes,7\n,8\nno,9\n", "test.csv");

        DataPlan plan = TempFolder.Plan(TempFolder.Request(train) with { TestSource = test });

        Assert.Equal((3, 2), (plan.Rows(DataPart.Train), plan.Rows(DataPart.Test)));
        RowSet rows = TempFolder.Load(DataPlan.FromJson(plan.ToJson()), DataPart.Test);
        Assert.Equal([7, 9], rows.Features);
        Assert.Equal([1, 0], rows.Targets);
    }

    [Fact]
    public void Register_SetWhoseFilesAreThere_HasRowsLabelsAndTest()
    {
        FileSet set = FileSet.Find("mnist")!;
        Directory.CreateDirectory(Path.Combine(_folder.Path, "mnist"));
        foreach (string file in FileSet.Files)
        {
            File.WriteAllBytes(Path.Combine(_folder.Path, "mnist", file + ".gz"), Gzip([1, 2, 3]));
        }

        DataSource test = set.Register(test: true, ["/nowhere", _folder.Path]);

        Assert.Equal("t10k-images-idx3-ubyte.gz", test.Name);
        Assert.Equal("t10k-labels-idx1-ubyte.gz", test.Labels!.Name);
    }

    [Fact]
    public void Register_SetThatIsNotThere_SaysHowToGetIt()
    {
        DataException error = Assert.Throws<DataException>(
            () => FileSet.Find("mnist")!.Register(test: false, [_folder.Path]));

        Assert.Equal(
            "Data set 'mnist' is not on this machine; get it by 'trainer data get mnist', or put " +
            $"train-images-idx3-ubyte.gz and the other three files into 'mnist' in one of: {_folder.Path}.",
            error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Idx(byte type, int[] shape, byte[] elements)
    {
        byte[] sizes = new byte[4 * shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(4 * i), shape[i]);
        }

        return [0, 0, type, (byte)shape.Length, .. sizes, .. elements];
    }

    private static byte[] Npy(string header, byte[] elements) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.Latin1.GetBytes(header), .. elements];

    private static byte[] Element(double value, string type, int size)
    {
        byte[] bytes = (type[1], size) switch
        {
            ('f', 4) => BitConverter.GetBytes((float)value),
            ('f', _) => BitConverter.GetBytes(value),
            _ => BitConverter.GetBytes((long)value)[..size],
        };
        return type[0] == '>' ? [.. bytes.Reverse()] : bytes;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    [Fact]
    public void ContentSha256_OtherLabels_IsAnother()
    {
        DataSource source = Source([1, 2], [3]);
        DataSource other = Source([1, 2], [4]);

        Assert.Equal(other.Sha256, source.Sha256);
        Assert.NotEqual(other.ContentSha256, source.ContentSha256);
        Assert.NotEqual(source.Sha256, source.ContentSha256);
        Assert.Equal(source.Sha256, (source with { Labels = null }).ContentSha256);
    }

    private DataSource Source(byte[] rows, byte[] labels) =>
        _folder.Bytes(rows) with { Labels = _folder.Bytes(labels, "labels") };
}
