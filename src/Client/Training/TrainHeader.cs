using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Checkpoints;
using Trainer.Clusters;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>Where a job runs, as its header says.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="IsOwn">Whether it ends with the job.</param>
/// <param name="Threads">Compute threads of each silo.</param>
internal sealed record RunPlacement(string Cluster, bool IsOwn, int Threads);

/// <summary>The header of a run: everything that decides its result, defaults and seed included.</summary>
internal static class TrainHeader
{
    /// <summary>The header of a run that begins.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">What it will do.</param>
    /// <param name="placement">Where.</param>
    /// <param name="checkpoint">The checkpoint that it goes on from; null: it begins at the first step.</param>
    /// <param name="workingDirectory">Folders below it are shown relative to it.</param>
    public static RunHeader Of(
        RunEntry run,
        PlanReport plan,
        RunPlacement placement,
        FoundCheckpoint? checkpoint,
        string workingDirectory) => new(
        [
            ("run", $"{run.Id} in {FinalBlock.ShortPath(run.Folder, workingDirectory)}"),
            .. checkpoint is null ? [] : new[] { ("resumes", Resumes(checkpoint)) },
            ("data", Data(plan)),
            ("network", $"{plan.Network}, {Snake(plan.Activation)}, {Snake(plan.Output)}, {plan.Loss}; "
                + Figures.Count(plan.Parameters, "parameter")),
            ("training", $"{Figures.Count(plan.Epochs, "epoch")} of {Figures.Count(plan.StepsPerEpoch, "step")}, "
                + $"batch {Figures.Count(plan.BatchSize)}, {plan.Optimizer} {Figures.Exact(plan.LearningRate)}, "
                + $"seed {plan.Seed}" + (plan.Folds > 0 ? $"; {plan.Folds} folds, then on all rows" : "")),
            ("cluster", $"{Where(plan, placement)}, {Figures.Count(placement.Threads, "thread")} each"),
            ("workers", $"{plan.Workers} for {Figures.Count(plan.LogicalShards, "logical shard")}, "
                + $"kernel {plan.Kernel}"),
        ],
        Fields(run, plan, placement, checkpoint));

    /// <summary>The rows, features and targets in words.</summary>
    public static string Data(PlanReport plan)
    {
        IEnumerable<string> parts = plan.Rows
            .Where(part => part.Value > 0)
            .Select(part => $"{Figures.Count(part.Value)} {part.Key}");
        string target = plan.Classes.Count > 0
            ? $"{Figures.Count(plan.Classes.Count)} classes"
            : Figures.Count(plan.Targets.Count, "target");
        return $"{Path.GetFileName(plan.Source)}: {string.Join(" + ", parts)} rows, "
            + $"{Figures.Count(plan.Features, "feature")}, {target}";
    }

    private static string Resumes(FoundCheckpoint checkpoint)
    {
        TrainingPosition position = checkpoint.Content.Position;
        string fold = position.Fold is { } number ? $" of fold {number}" : "";
        return $"after step {Figures.Count(position.TotalSteps)}, in epoch {Figures.Count(position.Epoch + 1)}{fold}";
    }

    /// <summary>The cluster in words.</summary>
    public static string Where(PlanReport plan, RunPlacement placement) => plan.Silos == 0
        ? "one silo in this process"
        : $"{(placement.IsOwn ? "own" : $"'{placement.Cluster}'")}, {Figures.Count(plan.Silos, "silo")}";

    // The fields of 'check --json', below those that only a run has.
    private static JsonObject Fields(
        RunEntry run, PlanReport plan, RunPlacement placement, FoundCheckpoint? checkpoint)
    {
        var fields = new JsonObject
        {
            ["id"] = run.Id,
            ["folder"] = run.Folder,
            ["cluster"] = run.Cluster,
            ["threads"] = placement.Threads,
        };
        if (checkpoint is not null)
        {
            fields["resumed_step"] = checkpoint.Name.Step;
        }

        foreach ((string key, JsonNode? value) in JsonNode.Parse(plan.ToJson())!.AsObject())
        {
            fields[key] = value?.DeepClone();
        }

        return fields;
    }

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
