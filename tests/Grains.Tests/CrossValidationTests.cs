using System.Text.Json;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Formats;
using Trainer.Jobs;
using Trainer.Models;
using Trainer.Training;

using Xunit;

namespace Trainer.Grains;

public sealed class CrossValidationTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    private const string Digits = """
        version: 1
        data: {source: digits}
        model: {hidden: [33, 17]}
        optimizer: {name: adam, learning_rate: 0.01}
        training: {epochs: 2, batch_size: 100}
        distributed: {logical_shards: 8}
        early_stopping: null
        """;

    private const string Heart = """
        data: {source: heart}
        optimizer: {name: sgd, learning_rate: 0.5, momentum: 0.9, decay_biases: false}
        training: {epochs: 60, batch_size: full}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Folds_TestsEachOnAModelOfTheOthersAndTrainsOnAllRows()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(Digits, "split={folds: 3}");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("folds", job, data), Stop);

        Assert.Equal(JobState.Completed, end.State);
        JsonElement summary = JsonDocument.Parse(end.Summary!).RootElement;
        DataPlan[] plans = [.. JobPlan.Folds(job, data.Request, Stop).Select(fold => DataPlan.Create(fold, Stop))];
        double[] expected = [.. plans.Select(fold => TestAccuracy(job, fold))];
        Assert.Equal(
            expected,
            summary.GetProperty("folds").EnumerateArray().Select(
                fold => fold.GetProperty("test").GetProperty("accuracy").GetDouble()));
        Assert.Equal(expected.Average(), summary.GetProperty("mean").GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Equal(1797, plans.Sum(fold => fold.Rows(DataPart.Test)));
        Assert.Equal([1, 1, 2, 2, 3, 3, null, null], end.Reports.Select(report => report.Fold));
        Assert.Equal((end.Steps, 3), (end.Step, end.Messages.Length));
        ModelFile model = ModelFile.Load(Path.Combine(cluster.Folder, "folds", "model.safetensors"));
        Assert.Equal(TwoSiloCluster.LoopWeights(job, data, epochs: 2), model.Parameters);
    }

    [Fact]
    public async Task Start_FoldDiverges_NamesTheFold()
    {
        (JobSpec job, DataPlan data) = cluster.Resolve(
            Digits, "split={folds: 3}", "optimizer={name: sgd, learning_rate: 1e30}");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("fold-diverges", job, data), Stop);

        Assert.Equal(JobState.Diverged, end.State);
        Assert.StartsWith("Fold 1, step ", end.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cluster.Folder, "fold-diverges", "model.safetensors")));
    }

    [Fact]
    public async Task Start_FoldsAndTestSource_TestsTheModelOnIt()
    {
        string test = Path.Combine(cluster.Folder, "test.csv");
        await File.WriteAllTextAsync(test, "x,y\n0.5,1\n-0.5,0\n0.25,1\n", Stop);
        string train = Path.Combine(cluster.Folder, "train.csv");
        await File.WriteAllTextAsync(train, "x,y\n-1,0\n-2,0\n1,1\n2,1\n3,1\n", Stop);
        (JobSpec job, DataPlan data) = cluster.Resolve(
            "training: {epochs: 1}",
            $"data={{source: {train}, target: y}}",
            $"split={{folds: 2, test_source: {test}}}");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync("own-test", job, data), Stop);

        Assert.Equal(JobState.Completed, end.State);
        JsonElement summary = JsonDocument.Parse(end.Summary!).RootElement;
        Assert.Equal((5, 3), (data.Rows(DataPart.Train), data.Rows(DataPart.Test)));
        Assert.True(summary.GetProperty("test").TryGetProperty("accuracy", out _));
        Assert.Equal(
            [3, 2],
            summary.GetProperty("folds").EnumerateArray().Select(fold => fold.GetProperty("test_rows").GetInt32()));
    }

    // The figures of scikit-learn's logistic regression (C = 1, which is a decay of 1/n, with 242 or 243 rows) on the
    // same folds: accuracy .848, AUC .910.
    [Theory]
    [InlineData("logistic", "model.hidden=[]", "optimizer.weight_decay=0.0041", 0.01)]
    [InlineData("mlp", "model.hidden=[16]", "optimizer.weight_decay=0.03", 0.03)]
    public async Task Start_FoldsOfTheHeartData_AsGoodAsLogisticRegression(
        string id, string model, string decay, double within)
    {
        string folds = Path.Combine(cluster.Folder, $"{id}.csv");
        using (Stream golden = GetType().Assembly.GetManifestResourceStream("Golden.heart-folds.csv")!)
        using (FileStream file = File.Create(folds))
        {
            await golden.CopyToAsync(file, Stop);
        }

        (JobSpec job, DataPlan data) = cluster.Resolve(Heart, model, decay, $"split={{folds: {folds}}}");

        JobProgress end = await TwoSiloCluster.EndAsync(await cluster.StartAsync($"heart-{id}", job, data), Stop);

        Assert.Equal(JobState.Completed, end.State);
        JsonElement mean = JsonDocument.Parse(end.Summary!).RootElement.GetProperty("mean");
        Assert.InRange(mean.GetProperty("accuracy").GetDouble(), 0.848 - within, 0.848 + within);
        Assert.InRange(mean.GetProperty("auc").GetDouble(), 0.910 - within, 0.910 + within);
    }

    private static double TestAccuracy(JobSpec job, DataPlan fold)
    {
        MlpArchitecture network = JobPlan.Create(job, fold).Architecture;
        float[] weights = new ParameterLayout(network).FromRowMajor(TwoSiloCluster.LoopWeights(job, fold, epochs: 2));
        RowSet rows = fold.Load(new Dictionary<DataPart, int[]?> { [DataPart.Test] = null }, Stop)[DataPart.Test];
        return Evaluator.Evaluate(network, weights, rows, SerialTeam.Instance).ToMetrics()["accuracy"];
    }
}
