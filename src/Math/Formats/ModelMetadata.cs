using System.Globalization;
using System.Text.Json;

using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Formats;

/// <summary>What a model file says beside its tensors: all that is needed to predict.</summary>
internal static class ModelMetadata
{
    private const string FormatKey = "format";
    private const string FormatName = "trainer";
    private const string VersionKey = "version";
    private const string Version = "1";
    private const string ArchitectureKey = "architecture";
    private const string ClassesKey = "classes";
    private const string PipelineKey = "pipeline";
    private const string ThresholdKey = "threshold";
    private const string KernelKey = "kernel";
    private const string JobKey = "job";

    /// <summary>The metadata of a model.</summary>
    public static IReadOnlyDictionary<string, string> Write(ModelFile model) => new OrderedDictionary<string, string>
    {
        [FormatKey] = FormatName,
        [VersionKey] = Version,
        [ArchitectureKey] = JsonSerializer.Serialize(model.Architecture, PipelineJson.Options),

        // For other programs: here they come with the pipeline.
        [ClassesKey] = JsonSerializer.Serialize(model.Pipeline.ClassNames, PipelineJson.Options),
        [PipelineKey] = model.Pipeline.ToJson(),
        [ThresholdKey] = model.Threshold.ToString("R", CultureInfo.InvariantCulture),
        [KernelKey] = model.Kernel,
        [JobKey] = model.Job,
    };

    /// <summary>The model of some metadata, without its parameters.</summary>
    /// <exception cref="DataException">
    /// Something is missing or malformed; the message is a part of a sentence.
    /// </exception>
    public static ModelFile Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(FormatKey) != FormatName)
        {
            throw new DataException("its metadata does not say that Trainer wrote it.");
        }

        string version = Required(metadata, VersionKey);
        if (version != Version)
        {
            throw new DataException($"it has version '{DataText.Show(version)}'; this program reads {Version}.");
        }

        string threshold = Required(metadata, ThresholdKey);
        if (!double.TryParse(threshold, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            throw new DataException($"its threshold '{DataText.Show(threshold)}' is not a number.");
        }

        var model = new ModelFile(
            PipelineJson.Parse<MlpArchitecture>(Required(metadata, ArchitectureKey), ArchitectureKey),
            [],
            Required(metadata, JobKey),
            FittedPipeline.FromJson(Required(metadata, PipelineKey)),
            value,
            Required(metadata, KernelKey));
        return DefectOf(model) is { } defect ? throw new DataException(defect + ".") : model;
    }

    /// <summary>What makes a model unusable, its parameters apart; null when nothing does.</summary>
    public static string? DefectOf(ModelFile model)
    {
        MlpArchitecture network = model.Architecture;
        if (network.Hidden.IsDefault || !HasUnits([network.Inputs, .. network.Hidden, network.Outputs]))
        {
            return "its network has a layer without units";
        }

        if (network.Inputs != model.Pipeline.Inputs)
        {
            return $"its network takes {network.Inputs} features, but its preprocessing makes {model.Pipeline.Inputs}";
        }

        int classes = model.Pipeline.ClassNames.Length;
        int targets = model.Pipeline.TargetColumns.Length;
        bool fits = (network.OutputUnit, network.Loss) switch
        {
            (OutputUnit.Linear, LossFunction.MeanSquaredError) => classes == 0 && network.Outputs == targets,
            (OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy or LossFunction.Perceptron) =>
                classes == 2 && network.Outputs == 1,
            (OutputUnit.Softmax, LossFunction.CrossEntropy) => classes >= 2 && network.Outputs == classes,
            _ => false,
        };
        if (!fits)
        {
            return $"its network's {network.Outputs} {network.OutputUnit} outputs with the loss {network.Loss} do not "
                + $"fit {classes} classes in {targets} target columns";
        }

        return !(model.Threshold >= 0 && model.Threshold <= 1) ? "its threshold is not a probability from 0 to 1"
            : !IsJsonObject(model.Job) ? "its job is not a JSON object"
            : null;
    }

    private static string Required(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out string? value) ? value : throw new DataException($"its metadata has no '{key}'.");

    private static bool HasUnits(ReadOnlySpan<int> widths) => !widths.ContainsAnyInRange(int.MinValue, 0);

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
