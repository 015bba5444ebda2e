using System.Globalization;
using System.Text.Json.Nodes;

using Trainer.Commands;
using Trainer.Reporting;
using Trainer.Sweeps.Importance;

namespace Trainer.Sweeps;

/// <summary>How much each parameter matters, in words.</summary>
internal static class SweepImportance
{
    private const int LongestBar = 30;

    /// <summary>The method, for who reads the figures.</summary>
    public const string Method = "functional ANOVA of a random forest fitted to the completed trials";

    /// <summary>The importance of each parameter, the most important first.</summary>
    /// <exception cref="CommandException">Too few trials, or all with one value (exit code 1).</exception>
    public static IReadOnlyList<ParameterImportance> Of(SweepFolder sweep)
    {
        IReadOnlyList<ParameterImportance> found =
            FunctionalAnova.Of(sweep.File.Space, sweep.Trials(), sweep.File.Seed);
        return found.Count > 0 ? found : throw new CommandException(
            $"sweep '{sweep.Reference.Id}' has {sweep.Table.Count(TrialState.Completed)} completed trials; importance "
            + "needs at least 4 with different values.",
            ExitCode.Failed);
    }

    /// <summary>A line a parameter with a bar, and the method.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<ParameterImportance> found) => TextTable.Lines(
        [
            ["parameter", "importance", "", ""],
            .. found.Select(one => (string[])
            [
                one.Path,
                one.Mean.ToString("0.000", CultureInfo.InvariantCulture),
                $"± {one.Deviation.ToString("0.000", CultureInfo.InvariantCulture)}",
                new string('#', (int)Math.Round(one.Mean * LongestBar)),
            ]),
        ],
        column => column == 1).Append("").Append($"Share of the metric's variance over the space: {Method};")
            .Append("± its deviation over the trees. What is missing to 1 are interactions.");

    /// <summary>One JSON object.</summary>
    public static string ToJson(SweepFolder sweep, IReadOnlyList<ParameterImportance> found) =>
        JsonEvents.Line(new JsonObject
        {
            ["sweep"] = sweep.Reference.Id,
            ["method"] = Method,
            ["importance"] = new JsonObject(found.Select(one =>
                KeyValuePair.Create(one.Path, JsonEvents.Number(one.Mean)))),
            ["deviation"] = new JsonObject(found.Select(one =>
                KeyValuePair.Create(one.Path, JsonEvents.Number(one.Deviation)))),
        });
}
