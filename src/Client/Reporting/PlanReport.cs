using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

using Trainer.Data;
using Trainer.Jobs;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Reporting;

/// <summary>What a job will do on a cluster of a given size; the fields are those of <c>check --json</c>.</summary>
internal sealed record PlanReport
{
    private const int LongestClassList = 60;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required string Name { get; init; }

    public required long Seed { get; init; }

    public required string Source { get; init; }

    public required string DataSha256 { get; init; }

    public required IReadOnlyDictionary<string, int> Rows { get; init; }

    public required int Folds { get; init; }

    public required int Columns { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> Targets { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required string Network { get; init; }

    public required Activation Activation { get; init; }

    public required OutputUnit Output { get; init; }

    public required string Loss { get; init; }

    public required long Parameters { get; init; }

    public required string Optimizer { get; init; }

    public required double LearningRate { get; init; }

    public required int BatchSize { get; init; }

    public required int Epochs { get; init; }

    public required int StepsPerEpoch { get; init; }

    public required long Steps { get; init; }

    public required int LogicalShards { get; init; }

    public required int Silos { get; init; }

    public required int Workers { get; init; }

    public required long BytesPerStep { get; init; }

    public required string Kernel { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The report of a job.</summary>
    /// <param name="plan">The job, resolved against its data.</param>
    /// <param name="data">The data.</param>
    /// <param name="silos">Silo processes; 0 is one silo inside the client.</param>
    /// <param name="folds">Folds of a cross-validation; 0 without one.</param>
    public static PlanReport Create(JobPlan plan, DataPlan data, int silos, int folds)
    {
        MlpArchitecture network = plan.Architecture;
        var layout = new ParameterLayout(network);
        int workers = plan.Workers(Math.Max(silos, 1));
        return new PlanReport
        {
            Name = plan.Job.Name,
            Seed = plan.Job.Seed,
            Source = data.Request.Source.Path ?? data.Request.Source.Name,
            DataSha256 = data.Request.Source.ContentSha256,
            Rows = new Dictionary<string, int>
            {
                ["train"] = data.Rows(DataPart.Train),
                ["validation"] = data.Rows(DataPart.Validation),
                ["test"] = data.Rows(DataPart.Test),
            },
            Folds = folds,
            Columns = data.Pipeline.FeatureColumns.Length,
            Features = data.Inputs,
            Targets = data.Pipeline.TargetColumns,
            Classes = data.Pipeline.ClassNames,
            Network = string.Join('-', network.Hidden.Prepend(network.Inputs).Append(network.Outputs)),
            Activation = network.Activation,
            Output = network.OutputUnit,
            Loss = LossName(network.Loss),
            Parameters = layout.ParameterCount,
            Optimizer = JobFile.NameOf(plan.Job.Optimizer),
            LearningRate = plan.Job.Optimizer.LearningRate,
            BatchSize = plan.Shards.BatchSize,
            Epochs = plan.Job.Training.Epochs,
            StepsPerEpoch = plan.Shards.StepsPerEpoch,
            Steps = plan.TotalSteps,
            LogicalShards = plan.Shards.Count,
            Silos = silos,
            Workers = workers,
            // A worker sends a gradient and gets the weights; both have the layout's padding.
            BytesPerStep = 2L * sizeof(float) * layout.Length * workers,
            Kernel = plan.Kernel,
            Warnings = plan.Warnings,
        };
    }

    /// <summary>One JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>A line a subject, for people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Line("job", $"{Name}, seed {Seed}: valid");
        Line("data", Source);
        Line("rows", $"{Rows["train"]:N0} train, {Rows["validation"]:N0} validation, {Rows["test"]:N0} test");
        if (Folds > 0)
        {
            Line("folds", $"{Folds}, each tested by a network trained on the others; then one on all rows");
        }

        Line("features", $"{Features:N0} from {Columns:N0} columns");
        Line(Classes.Count > 0 ? "classes" : "targets", Classes.Count > 0 ? ClassList() : string.Join(", ", Targets));
        Line("network", $"{Network}, {Snake(Activation)}, output {Snake(Output)}, loss {Loss}");
        Line("parameters", $"{Parameters:N0}");
        Line("optimizer", $"{Optimizer}, learning rate {LearningRate}");
        Line("batch", $"{BatchSize:N0} rows in {LogicalShards} logical shards");
        Line("steps", $"{StepsPerEpoch:N0} an epoch, at most {Steps:N0} in {Epochs:N0} epochs");
        Line("workers", $"{Workers} on {(Silos == 0 ? "one silo inside the client" : $"{Silos} silos")}");
        Line("exchange", $"{BytesPerStep:N0} bytes a step (gradients and weights of all workers)");
        Line("kernel", Kernel);
        foreach (string warning in Warnings)
        {
            Line("warning", warning);
        }

        return text.ToString().TrimEnd();

        void Line(string subject, string value) => text.Append($"{subject,-12}").Append(value).Append('\n');
    }

    private static string LossName(LossFunction loss) => loss == LossFunction.MeanSquaredError ? "mse" : Snake(loss);

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private string ClassList()
    {
        string names = string.Join(", ", Classes);
        return names.Length <= LongestClassList
            ? $"{Classes.Count}: {names}"
            : $"{Classes.Count}: {Classes[0]}, {Classes[1]}, ..., {Classes[^1]}";
    }
}
