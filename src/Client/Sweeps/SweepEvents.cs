using System.Text.Json.Nodes;

using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>The events of <c>sweep --json</c>: one JSON object a line.</summary>
internal static class SweepEvents
{
    /// <summary>A trial has ended.</summary>
    public static string Trial(TrialRow trial)
    {
        JsonObject line = new() { ["event"] = "trial" };
        foreach ((string key, JsonNode? value) in Fields(trial))
        {
            line[key] = value?.DeepClone();
        }

        return JsonEvents.Line(line);
    }

    /// <summary>A trial as <c>sweep trials --json</c> and <c>sweep best --json</c> print it.</summary>
    public static string Row(TrialRow trial) => JsonEvents.Line(Fields(trial));

    /// <summary>The sweep has ended.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="outcome">How it ended.</param>
    public static string Finished(SweepReference sweep, SweepOutcome outcome) => JsonEvents.Line(new JsonObject
    {
        ["event"] = "finished",
        ["sweep"] = sweep.Id,
        ["state"] = SweepStatus.NameOf(outcome.State),
        ["error"] = outcome.Error,
        ["best"] = Best(outcome.Table),
        ["trials"] = Counts(outcome.Table),
        ["wall_seconds"] = JsonEvents.Number(outcome.WallSeconds),
        ["folder"] = sweep.Folder,
    });

    /// <summary>The best trial; null: none.</summary>
    public static JsonObject? Best(SweepTable table) => table.Best is { } best
        ? new JsonObject
        {
            ["number"] = best.Number,
            ["value"] = JsonEvents.Number(best.Value),
            ["parameters"] = Parameters(best),
        }
        : null;

    /// <summary>Trials by state, of those that have ended.</summary>
    public static JsonObject Counts(SweepTable table) => new(
        ((TrialState[])[TrialState.Completed, TrialState.Pruned, TrialState.Diverged, TrialState.Failed])
            .Select(state => KeyValuePair.Create(
                TrialTable.NameOf(state), (JsonNode?)JsonValue.Create(table.Count(state)))));

    private static JsonObject Fields(TrialRow trial)
    {
        var fields = new JsonObject
        {
            ["number"] = trial.Number,
            ["state"] = TrialTable.NameOf(trial.State),
            ["value"] = JsonEvents.Number(trial.Value),
            ["parameters"] = Parameters(trial),
            ["epochs"] = trial.Epochs,
            ["seconds"] = JsonEvents.Number(trial.Seconds),
            ["silo"] = trial.Silo,
        };
        if (trial.Values.Length > 1)
        {
            fields["values"] = new JsonArray([.. trial.Values.Select(JsonEvents.Number)]);
        }

        if (trial.Error is { } error)
        {
            fields["error"] = error;
        }

        return fields;
    }

    private static JsonObject Parameters(TrialRow trial) => new(trial.Parameters.Select(
        parameter => KeyValuePair.Create(parameter.Key, ParameterText.ToJson(parameter.Value))));
}
