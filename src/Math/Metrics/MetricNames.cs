using System.Collections.Immutable;
using System.Globalization;

using Trainer.Models;

namespace Trainer.Metrics;

/// <summary>The metrics by name: which a model has, which an epoch's line shows, which are to grow.</summary>
public static class MetricNames
{
    /// <summary>Mean of the rows' losses, as the job defines them.</summary>
    public const string Loss = "loss";

    /// <summary>Share of rows whose class was predicted.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Area under the ROC curve.</summary>
    public const string Auc = "auc";

    /// <summary>Precision of the positive class; of more than two classes the mean over those that occur.</summary>
    public const string Precision = "precision";

    /// <summary>Recall, likewise.</summary>
    public const string Recall = "recall";

    /// <summary>F1, likewise.</summary>
    public const string F1 = "f1";

    /// <summary>Average precision.</summary>
    public const string PrAuc = "pr_auc";

    /// <summary>Mean of -ln p of the actual class.</summary>
    public const string LogLoss = "log_loss";

    /// <summary>Brier score.</summary>
    public const string Brier = "brier";

    /// <summary>Expected calibration error.</summary>
    public const string CalibrationError = "calibration_error";

    /// <summary>Mean absolute error.</summary>
    public const string Mae = "mae";

    /// <summary>Mean squared error.</summary>
    public const string Mse = "mse";

    /// <summary>Coefficient of determination.</summary>
    public const string R2 = "r2";

    private static readonly ImmutableArray<string> Headlines = [Loss, Accuracy, Auc, Mae, Mse, R2];

    private static readonly ImmutableArray<string> Errors = [Loss, LogLoss, Brier, CalibrationError, Mae, Mse];

    /// <summary>Every name there is, each once.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        .. Of(OutputUnit.Sigmoid, 1)
            .Union(Of(OutputUnit.Softmax, int.MaxValue))
            .Union(Of(OutputUnit.Linear, 1)),
    ];

    /// <summary>The metrics of a model in their fixed order, also those that a part may leave undefined.</summary>
    /// <param name="unit">Its output unit.</param>
    /// <param name="outputs">Its logits.</param>
    public static ImmutableArray<string> Of(OutputUnit unit, int outputs) => unit switch
    {
        OutputUnit.Linear => [Loss, Mae, Mse, R2],
        OutputUnit.Sigmoid =>
            [Loss, Accuracy, Auc, Precision, Recall, F1, PrAuc, LogLoss, Brier, CalibrationError],
        _ =>
        [
            Loss, Accuracy, .. TopsOf(outputs).Select(Top), Precision, Recall, F1, LogLoss, Brier, CalibrationError,
        ],
    };

    /// <summary>The k that say something of so many classes: smaller than their number.</summary>
    /// <param name="classes">Classes.</param>
    public static ImmutableArray<int> TopsOf(int classes) =>
        [.. ProbabilitySums.Tops.ToArray().Where(k => k < classes)];

    /// <summary>The name of a top-k accuracy: <c>top_3_accuracy</c>.</summary>
    /// <param name="k">k.</param>
    public static string Top(int k) => string.Create(CultureInfo.InvariantCulture, $"top_{k}_accuracy");

    /// <summary>Whether the metric is one of the few that the line of an epoch has.</summary>
    /// <param name="name">Name of a metric.</param>
    public static bool IsHeadline(string name) => Headlines.Contains(name);

    /// <summary>Whether a better model has more of it; the others shrink.</summary>
    /// <param name="name">Name of a metric.</param>
    public static bool Grows(string name) => !Errors.Contains(name);
}
