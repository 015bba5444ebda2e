using System.Text.Json.Nodes;

using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>What <c>summary.json</c> says of a cross-validation.</summary>
internal static class FoldFigures
{
    /// <summary>Adds <c>folds</c>, <c>mean</c> and <c>standard_deviation</c> where there are folds.</summary>
    public static void Add(JsonObject summary, IReadOnlyList<FoldResult> folds)
    {
        if (folds.Count == 0)
        {
            return;
        }

        summary["folds"] = new JsonArray([.. folds.Select(Fold)]);
        summary["mean"] = Metrics(OfAll(folds).Select(metric => new MetricValue(metric.Name, metric.Values.Average())));
        summary["standard_deviation"] =
            Metrics(OfAll(folds).Select(metric => new MetricValue(metric.Name, Deviation(metric.Values))));
    }

    private static JsonObject Fold(FoldResult fold) => new()
    {
        ["fold"] = fold.Number,
        ["train_rows"] = fold.TrainRows,
        ["test_rows"] = fold.TestRows,
        ["epochs"] = fold.Summary.Epochs,
        ["steps"] = fold.Summary.Steps,
        ["train"] = Metrics(fold.Summary.Parts["train"]),
        ["test"] = Metrics(fold.Test),
    };

    // A metric that one of the folds leaves undefined has no mean.
    private static IEnumerable<(string Name, double[] Values)> OfAll(IReadOnlyList<FoldResult> folds) => folds[0].Test
        .Select(first => (first.Name, Values: (double[])
        [
            .. folds.SelectMany(fold => fold.Test)
                .Where(metric => metric.Name == first.Name)
                .Select(metric => metric.Value),
        ]))
        .Where(metric => metric.Values.Length == folds.Count);

    // Of a sample: over the folds less one.
    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static JsonObject Metrics(IEnumerable<MetricValue> metrics) =>
        new(metrics.Select(metric => KeyValuePair.Create(metric.Name, (JsonNode?)JsonValue.Create(metric.Value))));
}
