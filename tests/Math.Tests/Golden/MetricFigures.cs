using System.Text.Json;
using System.Text.Json.Serialization;

using Xunit;

namespace Trainer.Golden;

/// <summary>Metrics computed by scikit-learn (tests/Golden/metrics.json).</summary>
internal sealed class MetricFigures
{
    private static readonly Lazy<MetricFigures> Figures = new(Load);

    /// <summary>The cases by name.</summary>
    [JsonPropertyName("cases"), JsonRequired]
    public required Dictionary<string, MetricCase> Cases { get; init; }

    /// <summary>Names of the cases, as data of a theory.</summary>
    public static TheoryData<string> Names => [.. Figures.Value.Cases.Keys];

    /// <summary>The case of a name.</summary>
    public static MetricCase Case(string name) => Figures.Value.Cases[name];

    private static MetricFigures Load()
    {
        using Stream stream = typeof(MetricFigures).Assembly.GetManifestResourceStream("Golden.metrics.json")
            ?? throw new InvalidOperationException("The embedded file Golden.metrics.json is missing.");
        return JsonSerializer.Deserialize<MetricFigures>(stream)
            ?? throw new InvalidOperationException("The embedded file Golden.metrics.json is empty.");
    }
}

/// <summary>Rows with their metrics.</summary>
internal sealed class MetricCase
{
    /// <summary>Logits, one array a row; of two classes one a row.</summary>
    [JsonPropertyName("logits"), JsonRequired]
    public required float[][] Logits { get; init; }

    [JsonPropertyName("targets"), JsonRequired]
    public required int[] Targets { get; init; }

    [JsonPropertyName("threshold"), JsonRequired]
    public required double Threshold { get; init; }

    /// <summary>Metrics by Trainer's names.</summary>
    [JsonPropertyName("metrics"), JsonRequired]
    public required Dictionary<string, double> Metrics { get; init; }

    [JsonPropertyName("confusion"), JsonRequired]
    public required long[] Confusion { get; init; }

    /// <summary>Bins with rows; only of two classes.</summary>
    [JsonPropertyName("calibration")]
    public MetricCalibration? Calibration { get; init; }

    /// <summary>Only of more than two classes.</summary>
    [JsonPropertyName("per_class")]
    public MetricClasses? PerClass { get; init; }
}

/// <summary>Bins that have rows, lowest first.</summary>
internal sealed class MetricCalibration
{
    [JsonPropertyName("rows"), JsonRequired]
    public required long[] Rows { get; init; }

    [JsonPropertyName("observed"), JsonRequired]
    public required double[] Observed { get; init; }

    [JsonPropertyName("mean"), JsonRequired]
    public required double[] Mean { get; init; }
}

/// <summary>Metrics of each class.</summary>
internal sealed class MetricClasses
{
    [JsonPropertyName("precision"), JsonRequired]
    public required double[] Precision { get; init; }

    [JsonPropertyName("recall"), JsonRequired]
    public required double[] Recall { get; init; }

    [JsonPropertyName("f1"), JsonRequired]
    public required double[] F1 { get; init; }
}
