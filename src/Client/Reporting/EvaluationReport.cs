using System.Text;
using System.Text.Json.Nodes;

using Trainer.Inference;

namespace Trainer.Reporting;

/// <summary>An evaluation as a person or a program reads it.</summary>
internal static class EvaluationReport
{
    private const int MostClasses = 20;
    private const int LongestName = 12;

    /// <summary>A line a figure, then the confusion matrix of at most 20 classes.</summary>
    public static string ToText(Evaluation evaluation)
    {
        var text = new StringBuilder();
        Line(text, "rows", Figures.Count(evaluation.Rows));
        if (evaluation.Threshold is { } threshold)
        {
            Line(text, "threshold", Figures.Exact(threshold));
        }

        foreach ((string name, double value) in evaluation.Metrics)
        {
            Line(text, name, Figures.Metric(value));
        }

        if (HasTable(evaluation))
        {
            Table(text.Append('\n'), evaluation);
        }

        return text.ToString().TrimEnd();
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

        if (HasTable(evaluation))
        {
            int classes = evaluation.Classes.Count;
            json["classes"] = new JsonArray([.. evaluation.Classes.Select(name => JsonValue.Create(name))]);
            json["confusion"] = new JsonArray(
            [
                .. evaluation.Confusion.Chunk(classes)
                    .Select(row => new JsonArray([.. row.Select(count => JsonValue.Create(count))])),
            ]);
        }

        return json.ToJsonString();
    }

    private static bool HasTable(Evaluation evaluation) => evaluation.Classes.Count is > 0 and <= MostClasses;

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append($"{name,-10}").Append(value).Append('\n');

    private static void Table(StringBuilder text, Evaluation evaluation)
    {
        string[] names = [.. evaluation.Classes.Select(Shorten)];
        string[] counts = [.. evaluation.Confusion.Select(count => Figures.Count(count))];
        int lead = names.Max(name => name.Length);
        int width = names.Concat(counts).Max(cell => cell.Length) + 1;
        text.Append("confusion (a row: an actual class; a column: what was predicted)\n");
        text.Append(new string(' ', lead)).AppendJoin("", names.Select(name => name.PadLeft(width))).Append('\n');
        foreach ((int index, string[] row) in counts.Chunk(names.Length).Index())
        {
            text.Append(names[index].PadRight(lead))
                .AppendJoin("", row.Select(cell => cell.PadLeft(width)))
                .Append('\n');
        }
    }

    private static string Shorten(string name) => name.Length <= LongestName ? name : name[..(LongestName - 3)] + "...";
}
