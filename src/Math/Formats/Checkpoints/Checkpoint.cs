using System.Collections.Immutable;
using System.Text.Json;

using Trainer.Data;
using Trainer.Formats;
using Trainer.Optimizers;
using Trainer.Preprocessing;
using Trainer.Training;

namespace Trainer.Checkpoints;

/// <summary>A whole job between two steps: enough to go on with the same bits, on any number of silos.</summary>
/// <param name="Job">The job that it belongs to.</param>
/// <param name="Position">Where the job stands.</param>
/// <param name="State">All partitions as one.</param>
/// <param name="Best">The best weights so far; empty where none were marked.</param>
/// <param name="Baselines">The baselines as a JSON object, for the summary.</param>
public sealed record Checkpoint(
    CheckpointJob Job,
    TrainingPosition Position,
    PartitionState State,
    ReadOnlyMemory<float> Best,
    string Baselines)
{
    private const string FormatKey = "format";
    private const string FormatName = "trainer-checkpoint";
    private const string VersionKey = "version";
    private const string Version = "1";
    private const string KernelKey = "kernel";
    private const string JobKey = "job";
    private const string DataKey = "data_sha256";
    private const string PlanKey = "plan_sha256";
    private const string PositionKey = "position";
    private const string CountersKey = "optimizer_counters";
    private const string BaselinesKey = "baselines";
    private const string WeightsName = "weights";
    private const string BestName = "best";
    private const string OptimizerPrefix = "optimizer.";

    /// <summary>As a safetensors file; all tensors are flat, in panel order.</summary>
    public SafetensorsFile ToFile()
    {
        ImmutableArray<SafetensorsTensor>.Builder tensors = ImmutableArray.CreateBuilder<SafetensorsTensor>();
        Add(WeightsName, State.Weights);
        foreach ((int index, ReadOnlyMemory<float> vector) in State.Optimizer.Vectors.Index())
        {
            Add(OptimizerName(index), vector);
        }

        if (!Best.IsEmpty)
        {
            Add(BestName, Best);
        }

        return new SafetensorsFile(tensors.ToImmutable(), new OrderedDictionary<string, string>
        {
            [FormatKey] = FormatName,
            [VersionKey] = Version,
            [KernelKey] = Job.Kernel,
            [JobKey] = Job.Job,
            [DataKey] = Job.DataSha256,
            [PlanKey] = Job.PlanSha256,
            [PositionKey] = JsonSerializer.Serialize(Position, PipelineJson.Options),
            [CountersKey] = JsonSerializer.Serialize(State.Optimizer.Counters, PipelineJson.Options),
            [BaselinesKey] = Baselines,
        });

        void Add(string name, ReadOnlyMemory<float> values) =>
            tensors.Add(SafetensorsTensor.FromSingles(name, [values.Length], values.Span));
    }

    /// <summary>The inverse of <see cref="ToFile"/>.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DataException">It is no checkpoint; the message is a part of a sentence.</exception>
    public static Checkpoint FromFile(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Metadata.GetValueOrDefault(FormatKey) != FormatName)
        {
            throw new DataException("its metadata does not say that it is a checkpoint");
        }

        if (Text(VersionKey) is var version and not Version)
        {
            throw new DataException($"it has version '{DataText.Show(version)}'; this program reads {Version}");
        }

        Dictionary<string, ReadOnlyMemory<float>> tensors =
            file.Tensors.ToDictionary(tensor => tensor.Name, ReadOnlyMemory<float> (tensor) => Values(tensor));
        var position = PipelineJson.Parse<TrainingPosition>(Text(PositionKey), PositionKey);
        var counters = PipelineJson.Parse<ImmutableArray<double>>(Text(CountersKey), CountersKey);
        int vectors = tensors.Keys.Count(name => name.StartsWith(OptimizerPrefix, StringComparison.Ordinal));
        var optimizer = new OptimizerState(
            [.. Enumerable.Range(0, vectors).Select(index => Tensor(OptimizerName(index)))], counters);
        ReadOnlyMemory<float> weights = Tensor(WeightsName);
        if (tensors.Values.Any(values => values.Length != weights.Length))
        {
            throw new DataException("its tensors have different lengths");
        }

        return new Checkpoint(
            new CheckpointJob(Text(KernelKey), Text(JobKey), Text(DataKey), Text(PlanKey)),
            position,
            new PartitionState(position.Steps, weights, optimizer),
            tensors.GetValueOrDefault(BestName),
            Text(BaselinesKey));

        string Text(string key) => file.Metadata.GetValueOrDefault(key)
            ?? throw new DataException($"its metadata has no '{key}'");

        ReadOnlyMemory<float> Tensor(string name) => tensors.TryGetValue(name, out ReadOnlyMemory<float> values)
            ? values
            : throw new DataException($"it has no tensor '{name}'");
    }

    private static string OptimizerName(int index) => FormattableString.Invariant($"{OptimizerPrefix}{index}");

    private static ReadOnlyMemory<float> Values(SafetensorsTensor tensor) => tensor.Type == SafetensorsType.F32
        ? tensor.ToSingles()
        : throw new DataException($"its tensor '{DataText.Show(tensor.Name)}' is {tensor.Type} and not F32");
}
