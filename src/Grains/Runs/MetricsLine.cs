using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>An epoch as a line of <c>metrics.jsonl</c>.</summary>
internal static class MetricsLine
{
    private const string FoldKey = "fold";

    /// <summary>The line, without its end.</summary>
    public static string Of(EpochReport report)
    {
        var epoch = new Content(
            report.Epoch,
            report.Step,
            report.TrainLoss,
            new OrderedDictionary<string, double>(
                report.Validation.Select(metric => KeyValuePair.Create(metric.Name, metric.Value))),
            report.RowsPerSecond,
            report.Seconds,
            [.. report.GradientNorms]);
        JsonObject line = JsonSerializer.SerializeToNode(epoch, JobStateFile.Json)!.AsObject();
        if (report.Folds > 0)
        {
            line.Insert(0, FoldKey, report.Fold);
        }

        return line.ToJsonString(JobStateFile.Json);
    }

    /// <summary>The inverse of <see cref="Of"/>; null for a line that is none.</summary>
    /// <param name="text">The line.</param>
    /// <param name="number">Its number in the file, from 1.</param>
    /// <param name="folds">Folds of the job; 0 without a cross-validation.</param>
    public static EpochReport? TryParse(string text, int number, int folds)
    {
        try
        {
            JsonObject line = JsonNode.Parse(text)!.AsObject();
            Content epoch = line.Deserialize<Content>(JobStateFile.Json)!;
            return new EpochReport(
                epoch.Epoch,
                epoch.Step,
                epoch.TrainLoss,
                [.. epoch.Validation.Select(metric => new MetricValue(metric.Key, metric.Value))],
                epoch.RowsPerSecond,
                epoch.Seconds)
            {
                Fold = line[FoldKey]?.GetValue<int>(),
                Folds = folds,
                GradientNorms = [.. epoch.GradientNorms],
                Line = number,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Content(
        int Epoch,
        long Step,
        double TrainLoss,
        OrderedDictionary<string, double> Validation,
        double RowsPerSecond,
        double Seconds,
        double[] GradientNorms);
}
