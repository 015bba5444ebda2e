using System.Text.Json.Nodes;

using Trainer.Inference;
using Trainer.Metrics;

namespace Trainer.Reporting;

/// <summary>An evaluation as a person or a program reads it.</summary>
internal static class EvaluationReport
{
    /// <summary>A line a figure, then the tables of classes, confusion and calibration, 80 columns wide.</summary>
    public static string ToText(Evaluation evaluation)
    {
        List<(string Name, string Value)> figures = [("rows", Figures.Count(evaluation.Rows))];
        if (evaluation.Threshold is { } threshold)
        {
            figures.Add(("threshold", Figures.Exact(threshold)));
        }

        figures.AddRange(evaluation.Metrics.Select(metric => (metric.Key, Figures.Metric(metric.Value))));
        int width = figures.Max(figure => figure.Name.Length);
        IEnumerable<string> lines = figures.Select(figure => $"{figure.Name.PadRight(width)} {figure.Value}");
        if (evaluation.Classes.Count > 0)
        {
            lines = lines
                .Concat(["", .. ClassTables.Classes(evaluation)])
                .Concat(["", .. ClassTables.Confusion(evaluation)])
                .Concat(["", .. ClassTables.Calibration(evaluation)]);
        }

        return string.Join('\n', lines);
    }

    /// <summary>One JSON object on one line.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="model">The model as the user named it.</param>
    /// <param name="data">The data as the user named it.</param>
    public static string ToJson(Evaluation evaluation, string model, string data)
    {
        var json = new JsonObject { ["model"] = model, ["data"] = data, ["rows"] = evaluation.Rows };
        if (evaluation.Threshold is { } threshold)
        {
            json["threshold"] = threshold;
        }

        foreach ((string name, double value) in evaluation.Metrics)
        {
            json[name] = value;
        }

        if (evaluation.Classes.Count > 0)
        {
            json["classes"] = Array(evaluation.Classes, name => JsonValue.Create(name));
            json["per_class"] = Array(ClassMetrics.Of(evaluation.Confusion).Index(), one => new JsonObject
            {
                ["class"] = evaluation.Classes[one.Index],
                ["rows"] = one.Item.Rows,
                ["precision"] = one.Item.Precision,
                ["recall"] = one.Item.Recall,
                ["f1"] = one.Item.F1,
            });
            IEnumerable<long[]> rows = evaluation.Confusion.Chunk(evaluation.Classes.Count);
            json["confusion"] = Array(rows, row => Array(row, count => JsonValue.Create(count)));
            json["calibration"] = Array(evaluation.Calibration, bin => new JsonObject
            {
                ["from"] = bin.From,
                ["to"] = bin.To,
                ["rows"] = bin.Rows,
                ["mean_probability"] = bin.MeanProbability,
                ["observed_share"] = bin.ObservedShare,
            });
        }

        return json.ToJsonString();
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> convert) =>
        new([.. items.Select(convert)]);
}
