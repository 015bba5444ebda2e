using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Formats;
using Trainer.Kernels;
using Trainer.Models;
using Trainer.Reporting;

namespace Trainer.Inference;

/// <summary>A trained model in memory, ready to be used.</summary>
/// <param name="File">What the model file says.</param>
/// <param name="Weights">The weights, flat in panel order.</param>
internal sealed record TrainedModel(ModelFile File, float[] Weights)
{
    private const string Extension = ".safetensors";

    /// <summary>The network.</summary>
    public MlpArchitecture Network => File.Architecture;

    /// <summary>Whether the model tells two classes apart by one probability.</summary>
    public bool IsBinary => Network.OutputUnit == OutputUnit.Sigmoid;

    /// <summary>The job's logical shards: an evaluation adds up in the order of the run. 1 when unknown.</summary>
    public int LogicalShards
    {
        get
        {
            try
            {
                return JsonNode.Parse(File.Job)?["distributed"]?["logical_shards"] is JsonValue value
                    && value.TryGetValue(out int count) && BitOperations.IsPow2(count)
                    ? count
                    : 1;
            }
            catch (JsonException)
            {
                return 1;
            }
        }
    }

    /// <summary>Finds and reads a model.</summary>
    /// <param name="text">What the user typed: a run id, a run folder or a safetensors file.</param>
    /// <param name="home">Where the index of runs is.</param>
    /// <exception cref="CommandException">There is no such run, or it has no model.</exception>
    /// <exception cref="Data.DataException">The file is not a model.</exception>
    public static TrainedModel Load(string text, TrainerHome home)
    {
        bool isFile = System.IO.File.Exists(text) || text.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
        string path = isFile ? text : RunReference.Resolve(text, home).RequireModel();
        ModelFile file = ModelFile.Load(path);
        return new TrainedModel(file, new ParameterLayout(file.Architecture).FromRowMajor(file.Parameters));
    }

    /// <summary>The threshold of the positive class: the one asked for, else the model's.</summary>
    /// <exception cref="CommandException">One was asked for, but the model has no positive class.</exception>
    public double Threshold(double? asked) => asked switch
    {
        null => File.Threshold,
        { } value when IsBinary => value,
        { } value => throw new CommandException(
            $"'--threshold' is {value}; only models of two classes with a sigmoid output have one; leave it out."),
    };

    /// <summary>The smallest logit that a threshold takes for the positive class.</summary>
    public static double SmallestPositiveLogit(double threshold) => Elementary.Log(threshold / (1 - threshold));
}
