using System.Diagnostics;
using System.Text;

using Xunit;

namespace Trainer.Malformed;

/// <summary>Files that cannot be used: refused in one line, and by a process that may hold little memory.</summary>
public sealed class MalformedFileTests(TrainedModelFile model) : IClassFixture<TrainedModelFile>, IDisposable
{
    // The bytes that the heap may have beside four times the input.
    private const long HeapLimit = 100_000_000;

    private const string Job = "version: 1\ndata: {source: ./data, target: labels}\n";
    private const string Evaluate = "evaluate model.safetensors --data data";
    private const string Predict = "predict model.safetensors data";

    private static readonly byte[] Numbers = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

    private static readonly Dictionary<string, MalformedCase> Cases = new()
    {
        // Job files.
        ["billion laughs"] = Of(Laughs(9), "job.yaml:1", "anchors"),
        ["nested lists"] = Of(new string('[', 500_000), "job.yaml:1", "deeper than 64"),
        ["nested maps"] = Of(Nested(300), "job.yaml:64", "deeper than 64"),
        ["job of 2 MiB"] = Of("version: 1\n#" + new string(' ', 2 << 20), "job.yaml", "larger than"),
        ["job of many keys"] = Of(Keys(60_000), "job.yaml:1", "k0"),
        ["job not UTF-8"] = new(
            "check job.yaml", folder => Put(folder, "job.yaml", [0x61, 0xFF, 0xFE]), "job.yaml", "UTF-8"),
        ["job of noise"] = new("check job.yaml", folder => Put(folder, "job.yaml", Noise(100_000)), "job.yaml"),
        ["job is a folder"] = new(
            "check job.yaml", folder => Directory.CreateDirectory(In(folder, "job.yaml")), "job.yaml", "folder"),
        ["job is a pipe"] = new("check job.yaml", folder => Pipe(folder, "job.yaml"), "job.yaml", "no regular file"),
        ["job is a loop of links"] = new("check job.yaml", folder => Loop(folder, "job.yaml"), "job.yaml"),
        ["job is a model"] = new("check model.safetensors", _ => { }, "model.safetensors", "UTF-8"),

        // Any data file.
        ["folder"] = Data(folder => Directory.CreateDirectory(In(folder, "data")), "/data'", "directory"),
        ["pipe"] = Data(folder => Pipe(folder, "data"), "'", "pipe"),
        ["loop of links"] = Data(folder => Loop(folder, "data"), "data"),
        ["link to nothing"] = Data(
            folder => File.CreateSymbolicLink(In(folder, "data"), "gone"), "data", "does not exist"),
        ["device"] = Data(folder => File.CreateSymbolicLink(In(folder, "data"), "/dev/zero"), "data", "device"),
        ["only NUL"] = Data(new byte[100_000], "'data'"),
        ["noise"] = Data(Noise(1_000_000), "'data'"),
        ["line without end"] = Data(Text(new string('7', 3 << 20)), "'data'", "longer than"),
        ["a column each byte"] = Data(Text(new string(',', 1 << 20)), "'data'", "1048577 columns"),
        ["one class"] = Data(Text("x,labels\n1,a\n2,a\n3,a\n4,a\n"), "'data'", "'labels'", "class"),
        ["only line ends"] = Data(Text(new string('\n', 1 << 20)), "'data'", "no rows"),
        ["unclosed quote of 3 MiB"] = Data(
            Text("x,labels\n1,\"" + new string('\n', 3 << 20)), "'data'", "row 1", "quote"),
        ["model as data"] = Data(folder => File.Copy(In(folder, "model.safetensors"), In(folder, "data")), "'data'"),

        // Packed files.
        ["gzip cut off"] = Data(MalformedFiles.Gzip(Noise(100_000))[..50_000], "'data'", "gzip"),
        ["gzip of two bytes"] = Data([0x1F, 0x8B], "'data'", "gzip"),
        ["gzip of noise"] = Data([0x1F, 0x8B, 8, 0, .. Noise(100_000)], "'data'", "gzip"),
        ["gzip with a changed byte"] = Data(Changed(MalformedFiles.Gzip(Text(Rows(20_000))), 30_000), "'data'", "row"),
        ["bomb without line ends"] = Data(MalformedFiles.Gzip(new byte[1 << 20], 400), "'data'", "longer than"),
        ["bomb of line ends"] = Data(MalformedFiles.Gzip(Text(new string('\n', 1 << 20)), 400), "'data'", "no rows"),
        ["gzip in gzip"] = Data(MalformedFiles.Gzip(MalformedFiles.Gzip(Text(Rows(10)))), "'data'"),

        // IDX.
        ["IDX of 2^31-1 rows"] = Array(MalformedFiles.Idx(8, [int.MaxValue, 28, 28], Numbers), "'data'", "2147483647"),
        ["IDX of 2^31-1 each"] = Array(
            MalformedFiles.Idx(8, [int.MaxValue, int.MaxValue, int.MaxValue], Numbers), "'data'", "2147483647"),
        ["IDX of 2^32-1 rows"] = Array(MalformedFiles.Idx(8, [uint.MaxValue, 1], Numbers), "'data'", "4294967295"),
        ["IDX without rows"] = Array(MalformedFiles.Idx(8, [0, 4], []), "'data'", "rows"),
        ["IDX of empty rows"] = Array(MalformedFiles.Idx(8, [10, 0], []), "'data'", "(10, 0)"),
        ["IDX cut off"] = Array(MalformedFiles.Idx(8, [11, 4], Numbers), "'data'", "needs 44"),
        ["IDX too long"] = Array(MalformedFiles.Idx(8, [9, 4], Numbers), "'data'", "needs 36"),
        ["IDX of header only"] = Array([0, 0, 8, 3, 0, 0], "'data'", "header is cut off"),
        ["IDX of 31 dimensions"] = Array(MalformedFiles.Idx(8, [.. new uint[31]], []), "'data'", "31 dimensions"),
        ["IDX of no type"] = Array(MalformedFiles.Idx(10, [10, 4], Numbers), "'data'", "0x0A"),
        ["IDX with NaN"] = Array(
            MalformedFiles.Idx(13, [10, 1], [0x7F, 0xC0, 0, 0, .. Numbers[..36]]), "'data'", "row 1", "column_1"),
        ["packed IDX of 2^31-1 rows"] = Array(
            MalformedFiles.Gzip(MalformedFiles.Idx(8, [int.MaxValue, 28, 28], Numbers)), "'data'", "2147483647", "10"),
        ["packed IDX and labels of 2^31-1 rows"] = Array(
            MalformedFiles.Gzip(MalformedFiles.Idx(8, [int.MaxValue, 4], Numbers)),
            MalformedFiles.Gzip(MalformedFiles.Idx(8, [int.MaxValue], Numbers)),
            "'data'",
            "row 11 of 2147483647"),
        ["fewer labels than rows"] = Array(
            MalformedFiles.Idx(8, [10, 4], Numbers),
            MalformedFiles.Idx(8, [9], Numbers[..9]),
            "'data'",
            "'labels'",
            "9"),
        ["labels of one class"] = Array(
            MalformedFiles.Idx(8, [10, 4], Numbers), MalformedFiles.Idx(8, [10], new byte[10]), "'data'", "class"),
        ["labels are text"] = Array(
            MalformedFiles.Idx(8, [10, 4], Numbers), Text("1\n2\n"), "data.target", "labels"),
        ["labels are missing"] = Data(
            MalformedFiles.Idx(8, [10, 4], Numbers), "'data.target'", "labels", "no such file"),

        // NPY.
        ["NPY of objects"] = Array(MalformedFiles.Npy("'|O'", "(10, 4)", Numbers), "'data'", "element type"),
        ["NPY of records"] = Array(MalformedFiles.Npy("[('a', '<f4')]", "(10,)", Numbers), "'data'", "element type"),
        ["NPY of 2^63 rows"] = Array(
            MalformedFiles.Npy("'|u1'", "(9223372036854775808, 4)", Numbers), "'data'", "9223372036854775808"),
        ["NPY of 2^62 rows"] = Array(
            MalformedFiles.Npy("'<f8'", "(4611686018427387904, 4)", Numbers), "'data'", "4611686018427387904"),
        ["NPY of many columns"] = Array(
            MalformedFiles.Npy("'<f8'", "(5, 4294967296, 4294967296)", Numbers), "'data'", "4294967296"),
        ["NPY of negative rows"] = Array(MalformedFiles.Npy("'|u1'", "(-1, 4)", Numbers), "'data'"),
        ["NPY without a shape"] = Array(MalformedFiles.Npy("'|u1'", "()", Numbers[..1]), "'data'", "0 dimensions"),
        ["NPY cut off"] = Array(MalformedFiles.Npy("'|u1'", "(11, 4)", Numbers), "'data'", "needs 44"),
        ["NPY of a long header"] = Array([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255], "'data'", "4294967295"),
        ["NPY of 16 bits"] = Array(MalformedFiles.Npy("'<f2'", "(10, 2)", Numbers), "'data'", "16 bits"),

        // Models.
        ["model header of 2^63-1"] = Model(MalformedFiles.LittleEndian(long.MaxValue), "9223372036854775807"),
        ["model header of 2^64-1"] = Model(MalformedFiles.LittleEndian(ulong.MaxValue), "18446744073709551615"),
        ["model header cut off"] = Model([.. MalformedFiles.LittleEndian(99_000_000), .. "{"u8], "cut off"),
        ["model of 3 bytes"] = Model([1, 2, 3], "3 bytes"),
        ["model header nested"] = Model(MalformedFiles.Safetensors(new string('[', 100_000), 0), "'{'"),
        ["model header deep"] = Model(
            MalformedFiles.Safetensors("{\"a\":" + new string('[', 100_000), 0), "not JSON"),
        ["model header not UTF-8"] = Model([.. MalformedFiles.LittleEndian(9), .. "{\""u8, 0xFF, 0xFE, .. "\":{}}"u8]),
        ["tensors overlap"] = Model(
            MalformedFiles.Safetensors($"{{{Tensor("a", 1, 0, 4)},{Tensor("b", 1, 2, 6)}}}", 6), "'b'", "overlaps"),
        ["tensors with a gap"] = Model(MalformedFiles.Safetensors($"{{{Tensor("a", 1, 4, 8)}}}", 8), "'a'", "gap"),
        ["tensor twice"] = Model(
            MalformedFiles.Safetensors($"{{{Tensor("a", 1, 0, 4)},{Tensor("a", 1, 4, 8)}}}", 8), "'a'", "twice"),
        ["tensor beyond the end"] = Model(
            MalformedFiles.Safetensors($"{{{Tensor("a", 250_000_000, 0, 1_000_000_000)}}}", 8), "cut off"),
        ["tensor of 2^62"] = Model(
            MalformedFiles.Safetensors($"{{{Tensor("a", 1L << 62, 0, 4)}}}", 4), "'a'", "shape"),
        ["tensor of other bytes"] = Model(MalformedFiles.Safetensors($"{{{Tensor("a", 3, 0, 4)}}}", 4), "'a'", "shape"),
        ["model of strangers"] = Model(MalformedFiles.Safetensors($"{{{Tensor("a", 1, 0, 4)}}}", 4), "not a model"),
        ["data as model"] = Model(Text(Rows(1000)), "not a safetensors file"),
        ["empty model"] = Model([], "empty"),
        ["model is a folder"] = new(
            "evaluate bad.safetensors --data data",
            folder => Directory.CreateDirectory(In(folder, "bad.safetensors")),
            "bad.safetensors"),
        ["model is a pipe"] = new(
            "evaluate bad.safetensors --data data", folder => Pipe(folder, "bad.safetensors"), "bad.safetensors"),

        // Data that does not fit a model.
        ["other columns"] = With(Predict, Text("a,b\n1,2\n"), "'data'", "'x1'"),
        ["text in a number"] = With(Predict, Text("x1,x2\n1,2\n1,two\n"), "'data'", "row 2", "'x2'", "two"),
        ["unknown class"] = With(Evaluate, Text("x1,x2,label\n1,2,1\n1,2,7\n"), "'data'", "row 2", "7"),
        ["image for a table"] = With(Predict, MalformedFiles.Idx(8, [10, 2, 2], Numbers), "'data'", "'x1'"),
        ["no label file"] = With(Evaluate, MalformedFiles.Idx(8, [10, 2, 2], Numbers), "'--labels'", "'data'"),
        ["labels for a table"] = With(Evaluate + " --labels data", Text(Rows(10)), "'--labels'", "leave it out"),
        ["no target"] = With(Evaluate, Text("x1,x2\n1,2\n"), "'data'", "'label'"),
        ["bomb for a model"] = With(Predict, MalformedFiles.Gzip(new byte[1 << 20], 400), "'data'", "longer than"),
    };

    private readonly TrainerCommand _trainer = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => _trainer.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Command_MalformedFile_Exit2AndOneLine(string name)
    {
        MalformedCase given = Cases[name];
        File.Copy(model.Path, In(_trainer.Folder, "model.safetensors"));
        given.Write(_trainer.Folder);
        long limit = HeapLimit + (4 * SizeOf(_trainer.Folder));
        _trainer.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("X", null);

        CommandResult refused =
            await _trainer.RunAsync(TestContext.Current.CancellationToken, given.Arguments.Split(' '));

        refused.AssertRefused(name, given.Named);
    }

    [Theory]
    [InlineData("job.yaml", "check job.yaml")]
    [InlineData("data", "check job.yaml")]
    [InlineData("model.safetensors", "evaluate model.safetensors --data data")]
    public async Task Command_UnreadableFile_Exit2AndOneLine(string name, string arguments)
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser may read every file.");
        Put(_trainer.Folder, "job.yaml", Text(Job));
        Put(_trainer.Folder, "data", Text(Rows(10)));
        File.Copy(model.Path, In(_trainer.Folder, "model.safetensors"));
        Run("chmod", "000", In(_trainer.Folder, name));

        CommandResult refused = await _trainer.RunAsync(TestContext.Current.CancellationToken, arguments.Split(' '));

        refused.AssertRefused(name, [name, "denied"]);
    }

    private static MalformedCase Of(string job, params string[] named) =>
        new("check job.yaml", folder => Put(folder, "job.yaml", Text(job)), named);

    private static MalformedCase Data(byte[] content, params string[] named) =>
        Data(folder => Put(folder, "data", content), named);

    private static MalformedCase Data(Action<string> write, params string[] named) => new(
        "check job.yaml",
        folder =>
        {
            Put(folder, "job.yaml", Text(Job));
            write(folder);
        },
        named);

    private static MalformedCase Array(byte[] content, params string[] named) =>
        Array(content, MalformedFiles.Idx(8, [10], Numbers[..10]), named);

    private static MalformedCase Array(byte[] content, byte[] labels, params string[] named) => Data(
        folder =>
        {
            Put(folder, "data", content);
            Put(folder, "labels", labels);
        },
        named);

    private static MalformedCase Model(byte[] content, params string[] named) => new(
        "evaluate bad.safetensors --data data",
        folder => Put(folder, "bad.safetensors", content),
        ["bad.safetensors", .. named]);

    private static MalformedCase With(string arguments, byte[] data, params string[] named) =>
        new(arguments, folder => Put(folder, "data", data), named);

    private static string In(string folder, string name) => Path.Combine(folder, name);

    private static void Put(string folder, string name, byte[] content) =>
        File.WriteAllBytes(In(folder, name), content);

    private static void Pipe(string folder, string name) => Run("mkfifo", In(folder, name));

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void Loop(string folder, string name)
    {
        File.CreateSymbolicLink(In(folder, name), "other");
        File.CreateSymbolicLink(In(folder, "other"), name);
    }

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.LinkTarget is null ? file.Length : 0);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static byte[] Changed(byte[] content, int at)
    {
        content[at] ^= 0x55;
        return content;
    }

    private static string Rows(int count) => "x,labels\n" + string.Concat(
        Enumerable.Range(0, count).Select(i => $"{(i * 7919L) % 10007},{i % 2}\n"));

    private static string Tensor(string name, long length, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{length}],\"data_offsets\":[{begin},{end}]}}";

    private static string Laughs(int levels) => "a0: &a0 [ha, ha, ha]\n" + string.Concat(
        Enumerable.Range(1, levels).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n"));

    private static string Nested(int levels) => string.Concat(
        Enumerable.Range(0, levels).Select(i => $"{new string(' ', i)}a:\n"));

    private static string Keys(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}: {i}\n"));
}
