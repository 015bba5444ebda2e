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
internal sealed record PreparedJob(DataPlan Data, JobPlan Plan, RegisteredFile? InitialWeights)
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
        JobSpec job = JobLoader.Load(path, overrides);
        string folder = JobLoader.Folder(path);
        DataRequest request = JobPlan.Request(job, folder);
        DataPlan data = DataPlan.Create(request, cancellationToken, progress);
        string? weights = InitialWeightsFile.Find(job, folder);
        var plan = JobPlan.Create(job with { Model = job.Model with { InitialWeights = weights } }, data);
        return new PreparedJob(data, plan, InitialWeightsFile.Register(plan));
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
        return
        [
            .. Enum.GetValues<DataPart>()
                .Where(part => Data.Rows(part) > 0)
                .SelectMany(part => names.Select(name => $"{part.ToString().ToLowerInvariant()}.{name}")),
        ];
    }

    /// <summary>Computes the baselines, judged on the test part, else validation, else train.</summary>
    /// <returns>A JSON object: metrics by baseline.</returns>
    public string ComputeBaselines(CancellationToken cancellationToken)
    {
        DataPart judged = Data.Rows(DataPart.Test) > 0 ? DataPart.Test
            : Data.Rows(DataPart.Validation) > 0 ? DataPart.Validation
            : DataPart.Train;
        IReadOnlyDictionary<DataPart, RowSet> rows = Data.Load(
            new Dictionary<DataPart, int[]?> { [DataPart.Train] = null, [judged] = null }, cancellationToken);
        MlpArchitecture network = Plan.Architecture;
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines = Baselines.Compute(
            rows[DataPart.Train], rows[judged], network.OutputUnit, network.Outputs, cancellationToken);
        return new JsonObject(baselines.Select(baseline => KeyValuePair.Create(
            baseline.Key,
            (JsonNode?)new JsonObject(baseline.Value
                .Where(metric => double.IsFinite(metric.Value))
                .Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)JsonValue.Create(metric.Value)))))))
            .ToJsonString();
    }
}
