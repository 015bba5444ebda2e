using System.Text.Json;

using Xunit;

namespace Trainer.Jobs;

/// <summary>The same job on many clusters of real processes gives the same weights, bit for bit.</summary>
/// <remarks>A sample; <c>tests/nightly/same-bits</c> runs the whole matrix.</remarks>
public sealed class SameBitsTests : IDisposable
{
    private readonly TrainerCommand _trainer = new();

    public static TheoryData<string> Networks => ["uneven", "deep", "wide", "folded"];

    public void Dispose() => _trainer.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Train_AnyCluster_SameWeights(string network)
    {
        string job = network switch
        {
            "uneven" => _trainer.Write("uneven.yaml", UnevenJob(_trainer.Write("uneven.csv", UnevenTable()))),
            "deep" => _trainer.Write("deep.yaml", DeepJob),
            "folded" => _trainer.Write("folded.yaml", FoldedJob),
            _ => _trainer.Write("wide.yaml", WideJob),
        };

        JsonElement expected = await TrainAsync(job, "--silos", "0", "--threads", "1");
        JsonElement threads = await TrainAsync(job, "--silos", "1", "--threads", "2");
        JsonElement silos = await TrainAsync(job, "--silos", "2");
        JsonElement workers = await TrainAsync(job, "--silos", "2", "--set", "distributed.workers=3");
        _trainer.Environment["DOTNET_EnableAVX512"] = "0";
        JsonElement narrow = await TrainAsync(job, "--silos", "3");
        _trainer.Environment["DOTNET_EnableAVX2"] = "0";
        JsonElement narrower = await TrainAsync(job, "--silos", "0");
        _trainer.Environment["DOTNET_EnableHWIntrinsic"] = "0";
        JsonElement scalar = await TrainAsync(job, "--silos", "2", "--set", "distributed.workers=4");

        string weights = Weights(expected);
        Assert.Equal(64, weights.Length);
        Assert.All([threads, silos, workers, narrow, narrower, scalar], run => Assert.Equal(weights, Weights(run)));
        Assert.Equal(2, WorkingSilos(silos).Count);
        Assert.Equal(3, WorkingSilos(narrow).Count);
        Assert.Equal(4, scalar.GetProperty("workers").GetInt32());
    }

    // 37 features, 5 classes, 211 rows, batches of 53: no width, batch or count divides another.
    private static string UnevenTable()
    {
        IEnumerable<string> header = Enumerable.Range(0, 37).Select(column => $"x{column}").Append("label");
        IEnumerable<string> rows = Enumerable.Range(0, 211).Select(row =>
        {
            IEnumerable<int> values = Enumerable.Range(0, 37)
                .Select(column => ((row * 31) + (column * column * 17)) % 41 - 20);
            return string.Join(',', values.Select(value => $"{value}.5").Append($"class{values.Sum() / 20 % 5 + 5}"));
        });
        return string.Join('\n', rows.Prepend(string.Join(',', header))) + "\n";
    }

    private static string UnevenJob(string table) => $$"""
        version: 1
        data: {source: {{table}}, target: label}
        split: {stratify: false}
        model: {hidden: [19, 5], activation: tanh}
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9}
        training: {epochs: 3, batch_size: 53}
        distributed: {logical_shards: 8}
        """;

    private const string DeepJob = """
        version: 1
        data: {source: digits}
        model: {hidden: [70, 33, 17], activation: sigmoid}
        training: {epochs: 2, batch_size: 128}
        """;

    private const string WideJob = """
        version: 1
        data: {source: digits}
        model: {hidden: [130]}
        training: {epochs: 2, batch_size: 64}
        """;

    // With rows that weigh 0 to 16.
    private const string FoldedJob = """
        version: 1
        data: {source: digits, weights: pixel_3_4}
        split: {folds: 2}
        training: {epochs: 1, batch_size: 64}
        """;

    private static string Weights(JsonElement summary) => summary.GetProperty("weights_sha256").GetString() ?? "";

    private static HashSet<string> WorkingSilos(JsonElement summary) =>
    [
        .. summary.GetProperty("grains").EnumerateArray()
            .Where(grain => grain.GetProperty("rows").GetInt64() > 0)
            .Select(grain => grain.GetProperty("silo").GetString() ?? ""),
    ];

    private async Task<JsonElement> TrainAsync(string job, params string[] arguments)
    {
        string folder = Path.Combine(_trainer.Folder, Path.GetRandomFileName());
        CommandResult result = await _trainer.RunAsync(
            TestContext.Current.CancellationToken, ["train", job, "--out", folder, .. arguments]);

        Assert.True(result.ExitCode == 0, result.Everything);
        string summary = await File.ReadAllTextAsync(
            Path.Combine(folder, "summary.json"), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(summary).RootElement;
    }
}
