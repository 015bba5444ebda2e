using System.Buffers.Binary;
using System.Text;

using Trainer.Data;
using Trainer.Formats;
using Trainer.Grains;

using Xunit;

namespace Trainer.Jobs;

public sealed class InitialWeightsFileTests : IDisposable
{
    private const string Weight = """ "layers.0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]} """;
    private const string Half = """ "layers.0.weight":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]} """;
    private const string Bias = """ "layers.0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]} """;

    private readonly JobFolder _folder = new();

    // Header, bytes of data, what is said of it.
    public static TheoryData<string, int, string> Bad => new()
    {
        { $"{{{Weight}}}", 8, "does not fit the network: it has no tensor 'layers.0.bias'." },
        {
            $"{{{Weight},{Bias}," + """ "more":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}} """,
            16,
            "does not fit the network: it has tensors that its network has not: more."
        },
        {
            $"{{{Weight.Replace("[1,2]", "[2,1]", StringComparison.Ordinal)},{Bias}}}",
            12,
            "does not fit the network: its tensor 'layers.0.weight' is F32 [2, 1]; the network needs F32 [1, 2]."
        },
        {
            $"{{{Half},{Bias.Replace("[8,12]", "[4,8]", StringComparison.Ordinal)}}}",
            8,
            "does not fit the network: its tensor 'layers.0.weight' is F16 [1, 2]; the network needs F32 [1, 2]."
        },
        { $"{{{Weight},{Bias}", 12, "is not a safetensors file: its header is not JSON from byte " },
        { "no header", 12, "is not a safetensors file: its header does not start with '{'." },
        {
            $"{{{Weight},{Bias}}}",
            8,
            "is not a safetensors file: it is cut off: 8 of 12 bytes of its tensors are there."
        },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Bad))]
    public void Register_UnfitFile_SaysWhy(string header, int dataLength, string reason)
    {
        JobPlan plan = Plan(Write(header, (ulong)header.Length, dataLength));

        DataException error = Assert.Throws<DataException>(() => InitialWeightsFile.Register(plan));

        Assert.StartsWith(
            $"'model.initial_weights': 'w.safetensors' {reason}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Register_HeaderOf2To63Bytes_IsRefused()
    {
        JobPlan plan = Plan(Write($"{{{Weight},{Bias}}}", long.MaxValue, 12));

        DataException error = Assert.Throws<DataException>(() => InitialWeightsFile.Register(plan));

        Assert.Contains("its header would have 9223372036854775807 bytes", error.Message);
    }

    [Fact]
    public void Register_NoSuchFile_SaysSo()
    {
        JobPlan plan = Plan("/nowhere.safetensors");

        DataException error = Assert.Throws<DataException>(() => InitialWeightsFile.Register(plan));

        Assert.StartsWith(
            "'model.initial_weights': Data file '/nowhere.safetensors' does not exist",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Register_FittingFile_HasItsHash()
    {
        string path = Write($"{{{Weight},{Bias}}}", null, 12);

        RegisteredFile file = InitialWeightsFile.Register(Plan(path))!;

        byte[] content = File.ReadAllBytes(path);
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        Assert.Equal(new RegisteredFile(path, content.Length, hash), file);
    }

    [Fact]
    public void Load_FileChangedSinceItWasRegistered_IsRefused()
    {
        string path = Write($"{{{Weight},{Bias}}}", null, 12);
        JobPlan plan = Plan(path);
        RegisteredFile file = InitialWeightsFile.Register(plan)!;
        byte[] content = File.ReadAllBytes(path);
        content[^1] ^= 1;
        File.WriteAllBytes(path, content);

        DataException error = Assert.Throws<DataException>(
            () => InitialWeights.Load(file.ToSource(), plan.Architecture));

        Assert.StartsWith(
            "'w.safetensors' has changed since the job was planned", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Relative_StartsAtTheJobFile()
    {
        string file = _folder.Write("start.safetensors", "x");
        var job = new JobSpec { Model = new ModelSpec { InitialWeights = "start.safetensors" } };

        Assert.Equal(file, InitialWeightsFile.Find(job, _folder.Path));
        Assert.Null(InitialWeightsFile.Find(new JobSpec(), _folder.Path));
    }

    private string Write(string header, ulong? headerLength, int dataLength)
    {
        byte[] prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength ?? (ulong)header.Length);
        string path = Path.Combine(_folder.Path, "w.safetensors");
        File.WriteAllBytes(path, [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]]);
        return path;
    }

    // Two inputs, one output, no hidden layer.
    private JobPlan Plan(string weights)
    {
        _folder.Write("rows.csv", "a,b,y\n1,2,no\n2,1,yes\n3,3,no\n4,1,yes\n");
        string yaml = _folder.Write("job.yaml", $$"""
            data: {source: rows.csv, target: y}
            split: {train: 1, validation: 0, test: 0}
            model: {hidden: [], initial_weights: {{weights}}}
            early_stopping: null
            """);
        JobSpec job = JobFile.Load(yaml, [], new Dictionary<string, string>());
        return JobPlan.Create(job, DataPlan.Create(JobPlan.Request(job, _folder.Path), CancellationToken.None));
    }
}
