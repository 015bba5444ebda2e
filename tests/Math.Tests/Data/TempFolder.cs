using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>A folder of one test, gone afterwards, with files and requests for them.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("trainer-data-").FullName;

    public DataSource Csv(string content, string name = "x.csv") => Bytes(Encoding.UTF8.GetBytes(content), name);

    public DataSource Bytes(byte[] content, string name = "x.csv")
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, content);
        return Catalogue.Register(path);
    }

    public static byte[] Gzip(string content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return packed.ToArray();
    }

    /// <summary>A file with the columns a = 0, 1, ... and y.</summary>
    public DataSource Counting(int rows, Func<int, object> target) =>
        Csv($"a,y\n{string.Concat(Enumerable.Range(0, rows).Select(row => $"{row},{target(row)}\n"))}");

    public static DataRequest Request(
        DataSource source,
        ImmutableArray<string> targets = default,
        NumericScaling numeric = NumericScaling.None,
        OutputUnit? output = null) =>
        new(source, targets.IsDefault ? ["y"] : targets, [], [], [], 1, 0, 0, true, numeric, output, 1);

    public static DataPlan Plan(DataRequest request) => DataPlan.Create(request, CancellationToken.None);

    public static RowSet Load(DataPlan plan, DataPart part = DataPart.Train, int[]? rows = null) =>
        plan.Load(new Dictionary<DataPart, int[]?> { [part] = rows }, CancellationToken.None)[part];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
