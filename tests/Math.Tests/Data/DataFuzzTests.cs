using System.Text;

using CsCheck;

using Xunit;

using Trainer.Preprocessing;

namespace Trainer.Data;

// Bytes changed, removed, repeated, cut off: rows or DataException, never another exception, never without end.
public sealed class DataFuzzTests : IDisposable
{
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        "\uFEFFa,\"b \"\"q\"\"\",\u00e9,y\r\n1,2.5,-3e-2,no\r\n\"4\",5,6,yes\n7,8,9,no\n\n" +
        "1e10,0,0,\"ye\ns\"\n1,1,1,yes\n");

    private static readonly Gen<byte> Byte =
        Gen.OneOf(Gen.Byte, Gen.Char[",;\t\"\r\n0a.-e?\0"].Select(letter => (byte)letter));

    private static readonly Gen<(int Kind, double Place, int Length, byte Value)[]> Changes =
        Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Int[1, 12], Byte).Array[1, 6];

    private readonly TempFolder _folder = new();
    private int _files;

    [Fact]
    public void Plan_AnyPlainBytes_GivesRowsOrDataException() =>
        Changes.Sample(changes => AssertRowsOrDataException(Mutate(Plain, changes)), iter: 3000);

    [Fact]
    public void Plan_AnyGzipBytes_GivesRowsOrDataException()
    {
        byte[] packed = TempFolder.Gzip(Encoding.UTF8.GetString(Plain));

        Changes.Sample(changes => AssertRowsOrDataException(Mutate(packed, changes)), iter: 1000);
    }

    [Fact]
    public void FromJson_AnyText_GivesAPlanOrDataException()
    {
        string json = TempFolder.Plan(TempFolder.Request(_folder.Csv("a,b,y\n1,2,no\n3,4,yes\n5,6,no\n"))).ToJson();

        Changes.Sample(
            changes =>
            {
                string changed = Encoding.UTF8.GetString(Mutate(Encoding.UTF8.GetBytes(json), changes));
                AssertNothingOrDataException(() => DataPlan.FromJson(changed));
            },
            iter: 3000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"features\":[\"a\"]}")]
    public void FromJson_OtherJson_GivesDataException(string json)
    {
        Assert.Throws<DataException>(() => DataPlan.FromJson(json));
        Assert.Throws<DataException>(() => FittedPipeline.FromJson(json));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Mutate(byte[] content, (int Kind, double Place, int Length, byte Value)[] changes)
    {
        List<byte> bytes = [.. content];
        foreach ((int kind, double place, int length, byte value) in changes)
        {
            int start = (int)(place * bytes.Count);
            int count = Math.Min(length, bytes.Count - start);
            switch (kind)
            {
                case 0 when count > 0:
                    bytes[start] = value;
                    break;
                case 1:
                    bytes.RemoveRange(start, count);
                    break;
                case 2:
                    bytes.Insert(start, value);
                    break;
                default:
                    bytes.InsertRange(start, bytes.GetRange(start, count));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void AssertNothingOrDataException(Action action)
    {
        Exception? error = Record.Exception(action);

        Assert.True(error is null or DataException, $"{error}");
        Assert.DoesNotContain('\n', error?.Message ?? "");
    }

    private void AssertRowsOrDataException(byte[] content) => AssertNothingOrDataException(() =>
    {
        DataSource source = _folder.Bytes(content, $"{Interlocked.Increment(ref _files)}.csv");
        DataPlan plan = TempFolder.Plan(TempFolder.Request(source, numeric: NumericScaling.Standardize));
        RowSet rows = TempFolder.Load(plan);
        Assert.Equal(plan.Rows(DataPart.Train), rows.Count);
        Assert.All(rows.Features, value => Assert.True(float.IsFinite(value)));
        plan.Pipeline.Read(source, withTargets: true, CancellationToken.None);
    });
}
