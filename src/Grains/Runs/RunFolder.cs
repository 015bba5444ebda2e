using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Formats;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>The folder of one run (decision 0001): a line an epoch as it ends, model and summary whole.</summary>
internal sealed class RunFolder(string folder)
{
    /// <summary>Appends an epoch to <c>metrics.jsonl</c>.</summary>
    public async Task AppendAsync(EpochReport report)
    {
        var epoch = new
        {
            report.Epoch,
            report.Step,
            report.TrainLoss,
            Validation = report.Validation.ToDictionary(metric => metric.Name, metric => metric.Value),
            report.RowsPerSecond,
            report.Seconds,
        };
        JsonObject line = JsonSerializer.SerializeToNode(epoch, JobStateFile.Json)!.AsObject();
        if (report.Folds > 0)
        {
            line.Insert(0, "fold", report.Fold);
        }

        await File.AppendAllTextAsync(
            Path.Combine(folder, "metrics.jsonl"), line.ToJsonString(JobStateFile.Json) + "\n");
    }

    /// <summary>Writes <c>model.safetensors</c>.</summary>
    public Task SaveAsync(ModelFile model) => Task.Run(() => model.Save(Path.Combine(folder, "model.safetensors")));

    /// <summary>Writes <c>summary.json</c>.</summary>
    public Task WriteSummaryAsync(string summary) =>
        Task.Run(() => AtomicFile.WriteAllText(Path.Combine(folder, "summary.json"), summary));
}
