using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

using Trainer.Data;
using Trainer.Formats;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Grains;

/// <summary>20 steps from weights that PyTorch wrote end where PyTorch's do (tests/Golden/make-parity.py).</summary>
public sealed class ParityTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>, IDisposable
{
    private static readonly string Golden = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../Golden"));

    private static readonly JsonElement Figures =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden, "parity.json"))).RootElement;

    private readonly JobFolder _folder = new();

    public static TheoryData<string> Networks =>
    [
        .. Figures.GetProperty("networks").EnumerateArray().Select(network => network.GetProperty("name").GetString()!),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public Task Train_SgdWithMomentum_EqualsPyTorch(string name) =>
        AssertParity(name, "sgd", "{name: sgd, learning_rate: 0.05, momentum: 0.9}", 2e-6);

    [Theory]
    [MemberData(nameof(Networks))]
    public Task Train_Adam_EqualsPyTorch(string name) =>
        AssertParity(name, "adam", "{name: adam, learning_rate: 0.01}", 2e-5);

    [Theory]
    [MemberData(nameof(Networks))]
    public Task Train_ClippedSgd_EqualsPyTorch(string name) =>
        AssertParity(name, "sgd clipped", "{name: sgd, learning_rate: 0.05, momentum: 0.9, clip_norm: 0.1}", 2e-6);

    [Fact]
    public async Task Start_WeightsNotRegistered_FailsAndSaysSo()
    {
        (JobSpec job, DataPlan data) = Resolve("relu", "sgd");
        string folder = Directory.CreateDirectory(Path.Combine(cluster.Folder, "unregistered")).FullName;
        ITrainingJobGrain grain = cluster.Grains.GetGrain<ITrainingJobGrain>("unregistered");

        await grain.StartAsync(new JobSubmission("unregistered", job, data.ToJson(), folder, "{}", 2, null));

        JobProgress end = await TwoSiloCluster.EndAsync(grain, Stop);
        Assert.Equal(JobState.Failed, end.State);
        Assert.Contains("no file was registered for it", end.Error);
    }

    private async Task AssertParity(string name, string kind, string optimizer, double tolerance)
    {
        (JobSpec job, DataPlan data) = Resolve(name, optimizer);
        string id = $"parity-{name}-{kind.Replace(' ', '-')}";

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync(id, job, data), Stop);

        Assert.Equal((JobState.Completed, 20), (end.State, end.Step));
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, id, "model.safetensors"));
        double[] expected = [.. Network(name).GetProperty("expected").GetProperty(kind).Deserialize<double[]>()!];
        Assert.Equal(expected.Length, model.Parameters.Length);
        Assert.InRange(expected.Zip(model.Parameters, (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
    }

    private (JobSpec Job, DataPlan Data) Resolve(string name, string optimizer, params string[] overrides)
    {
        JsonElement network = Network(name);
        double[][] features = network.GetProperty("features").Deserialize<double[][]>()!;
        double[][] targets = network.GetProperty("targets").Deserialize<double[][]>()!;
        string[] columns =
            [.. features[0].Select((_, i) => $"x{i}"), .. targets[0].Select((_, i) => $"y{i}")];
        string csv = _folder.Write($"{name}.csv", string.Join('\n', [
            string.Join(',', columns),
            .. features.Zip(targets, (x, y) => string.Join(
                ',', x.Concat(y).Select(value => value.ToString(CultureInfo.InvariantCulture)))),
        ]));
        return cluster.Resolve(
            $$"""
            version: 1
            data: {source: {{csv}}, target: [{{string.Join(", ", columns[features[0].Length..])}}]}
            split: {train: 1, validation: 0, test: 0}
            preprocess: {numeric: none}
            model:
              hidden: {{network.GetProperty("hidden").GetRawText()}}
              activation: {{network.GetProperty("activation").GetString()}}
              output: {{network.GetProperty("output").GetString()}}
              initial_weights: {{Path.Combine(Golden, $"parity-{name}.safetensors")}}
            optimizer: {{optimizer}}
            training: {epochs: 3, max_steps: 20, batch_size: 8, shuffle: false}
            early_stopping: null
            """,
            overrides);
    }

    private static JsonElement Network(string name) => Figures.GetProperty("networks").EnumerateArray()
        .Single(network => network.GetProperty("name").GetString() == name);

    private static string Here([CallerFilePath] string path = "") => path;
}
