using System.Collections.Immutable;
using System.Text.Json.Nodes;

using Trainer.Commands;
using Trainer.Data;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>A job that was read, validated and planned against its data: all that can be wrong has been said.</summary>
/// <param name="Data">The data plan.</param>
/// <param name="Plan">The job plan; its job is the one that runs, with the paths of its files made absolute.</param>
/// <param name="InitialWeights">The file that weights start from; null: they are drawn.</param>
/// <param name="Folds">The data plans of the folds of a cross-validation; empty without one.</param>
internal sealed record PreparedJob(
    DataPlan Data, JobPlan Plan, RegisteredFile? InitialWeights, ImmutableArray<DataPlan> Folds)
{
    /// <summary>Reads a job file and plans it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <param name="progress">Is told how far the data is read.</param>
    /// <exception cref="Errors.ConfigurationException">The job cannot be used.</exception>
    /// <exception cref="DataException">Its data cannot be used.</exception>
    public static PreparedJob Load(
        string path,
        IReadOnlyList<string> overrides,
        CancellationToken cancellationToken,
        ReadProgress? progress = null)
    {
        string folder = JobLoader.Folder(path);
        return Of(JobLoader.Load(path, overrides), folder, cancellationToken, progress);
    }

    /// <summary>Plans a job.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="folder">Folder of its file, which relative paths start from first.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <param name="progress">Is told how far the data is read.</param>
    /// <exception cref="Errors.ConfigurationException">The job cannot be used.</exception>
    /// <exception cref="DataException">Its data cannot be used.</exception>
    public static PreparedJob Of(
        JobSpec spec, string folder, CancellationToken cancellationToken, ReadProgress? progress = null)
    {
        JobSpec job = JobLoader.WithAbsoluteFolds(spec, folder);
        DataRequest request = JobPlan.Request(job, folder);
        DataPlan data = DataPlan.Create(request, cancellationToken, progress);
        string? weights = InitialWeightsFile.Find(job, folder);
        var plan = JobPlan.Create(job with { Model = job.Model with { InitialWeights = weights } }, data);
        ImmutableArray<DataPlan> folds =
        [
            .. JobPlan.Folds(job, request, cancellationToken)
                .Select(fold => DataPlan.Create(fold, cancellationToken, progress)),
        ];
        foreach (DataPlan fold in folds)
        {
            // What does not fit a fold is said before the job starts.
            _ = InitialWeightsFile.Register(JobPlan.Create(plan.Job, fold));
        }

        return new PreparedJob(data, plan, InitialWeightsFile.Register(plan), folds);
    }

    /// <summary>The same with a line every two seconds while a big file is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    /// <param name="shown">Takes the lines.</param>
    public static Task<PreparedJob> LoadAsync(
        string path, IReadOnlyList<string> overrides, LoadProgress shown, CancellationToken cancellationToken)
    {
        var progress = new ReadProgress();
        return shown.RunAsync(
            () => Load(path, overrides, cancellationToken, progress),
            () => LoadProgress.Planning(path, progress),
            cancellationToken);
    }

    /// <summary>What the job will report, as <c>part.metric</c>.</summary>
    public IReadOnlyList<string> ReportedMetrics()
    {
        ImmutableArray<string> names =
            MetricNames.Of(Plan.Architecture.OutputUnit, Plan.Architecture.Outputs);
        IEnumerable<string> parts = Enum.GetValues<DataPart>()
            .Where(part => Data.Rows(part) > 0)
            .Select(part => part.ToString().ToLowerInvariant())
            .Concat(Folds.IsEmpty ? [] : ["mean"]);
        return [.. parts.SelectMany(part => names.Select(name => $"{part}.{name}"))];
    }

    /// <summary>
    /// Computes the baselines, judged on the test part, else validation, else train; with folds their means over them.
    /// </summary>
    /// <returns>A JSON object: metrics by baseline.</returns>
    public string ComputeBaselines(CancellationToken cancellationToken)
    {
        if (Folds.IsEmpty)
        {
            return ToJson(BaselinesOf(Data, cancellationToken));
        }

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>[] all =
            [.. Folds.Select(fold => BaselinesOf(fold, cancellationToken))];
        return ToJson(all[0].ToDictionary(baseline => baseline.Key, baseline => Mean(baseline.Key, all)));
    }

    // What one of the folds leaves undefined has no mean.
    private static IReadOnlyDictionary<string, double> Mean(
        string name, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>[] folds)
    {
        var means = new OrderedDictionary<string, double>();
        foreach (string metric in folds[0][name].Keys)
        {
            if (folds.All(fold => fold.TryGetValue(name, out var metrics) && metrics.ContainsKey(metric)))
            {
                means.Add(metric, folds.Average(fold => fold[name][metric]));
            }
        }

        return means;
    }

    private IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> BaselinesOf(
        DataPlan data, CancellationToken cancellationToken)
    {
        DataPart judged = data.Rows(DataPart.Test) > 0 ? DataPart.Test
            : data.Rows(DataPart.Validation) > 0 ? DataPart.Validation
            : DataPart.Train;
        IReadOnlyDictionary<DataPart, RowSet> rows = data.Load(
            new Dictionary<DataPart, int[]?> { [DataPart.Train] = null, [judged] = null }, cancellationToken);
        MlpArchitecture network = Plan.Architecture;
        return Baselines.Compute(
            rows[DataPart.Train], rows[judged], network.OutputUnit, network.Outputs, cancellationToken);
    }

    private static string ToJson(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines) =>
        new JsonObject(baselines.Select(baseline => KeyValuePair.Create(
            baseline.Key,
            (JsonNode?)new JsonObject(baseline.Value
                .Where(metric => double.IsFinite(metric.Value))
                .Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)JsonValue.Create(metric.Value)))))))
            .ToJsonString();
}
