using System.CommandLine;
using System.Globalization;

using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;
using Trainer.Reporting.Plots;
using Trainer.Sweeps;

namespace Trainer.Commands;

/// <summary><c>trainer sweep status|best|trials|job|importance|plot SWEEP</c>.</summary>
internal static class SweepReportCommands
{
    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create() =>
        [CreateStatus(), CreateBest(), CreateTrials(), CreateJob(), CreateImportance(), CreatePlot()];

    private static DocumentedCommand CreateStatus()
    {
        Argument<string> sweep = SweepRunCommands.Sweep();
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "status", "Show how far a sweep is.", "trainer sweep status digits-sweep-0001 --json") { sweep, json };
        command.SetAction(result => CommandRunner.RunAsync(
            async stop =>
            {
                SweepReference reference = SweepRunCommands.Find(result, sweep);
                var control = new SweepControl(
                    reference, SweepViews.Create(result, json: null), TimeProvider.System);
                SweepProgress? live = await control.FindProgressAsync(stop);
                TextWriter output = result.InvocationConfiguration.Output;
                foreach (string line in SweepStatusReport.Lines(reference, live, result.GetValue(json)))
                {
                    await output.WriteLineAsync(line);
                }

                return ExitCode.Done;
            },
            result.InvocationConfiguration.Error));
        return command;
    }

    private static DocumentedCommand CreateBest()
    {
        Argument<string> sweep = SweepRunCommands.Sweep();
        Option<bool> json = Flags.Json();
        Option<bool> job = Flags.Switch("--job", "Print its job file as YAML, for 'trainer train'.");
        var command = new DocumentedCommand(
            "best",
            "Show the best trial, and how to train it again.",
            "trainer sweep best digits-sweep-0001",
            "trainer sweep best digits-sweep-0001 --json",
            "trainer sweep best digits-sweep-0001 --job > best.yaml")
        {
            sweep, json, job,
        };
        SetReport(command, sweep, (result, folder) =>
        {
            TrialRow best = folder.RequireBest();
            return result.GetValue(job) ? [JobOf(folder, best, repeat: 0)]
                : result.GetValue(json) ? [SweepEvents.Row(best)]
                : SweepFinalBlock.Best(folder, folder.Table, Directory.GetCurrentDirectory());
        });
        return command;
    }

    private static DocumentedCommand CreateTrials()
    {
        Argument<string> sweep = SweepRunCommands.Sweep();
        Option<bool> json = Flags.Json("Print one JSON object a trial on standard output, nothing else.");
        var command = new DocumentedCommand(
            "trials",
            "List the trials that have ended, best first.",
            "trainer sweep trials digits-sweep-0001",
            "trainer sweep trials digits-sweep-0001 --json")
        {
            sweep, json,
        };
        SetReport(command, sweep, (result, folder) => result.GetValue(json)
            ? folder.Table.Trials.Select(SweepEvents.Row)
            : LeaderboardFrame.Table(folder.Table, folder.File.Sweep.Metric));
        return command;
    }

    private static DocumentedCommand CreateJob()
    {
        Argument<string> sweep = SweepRunCommands.Sweep();
        Argument<int> trial = Flags.IntegerArgument("N", 0, int.MaxValue, "Number of the trial.");
        Option<int?> repeat = Flags.Integer("--repeat", "R", 0, 999, "Which of its seeds, from 0. Default: 0.");
        var command = new DocumentedCommand(
            "job",
            "Print the job file of a trial; trained alone it gives the same bits.",
            "trainer sweep job digits-sweep-0001 17 > trial-17.yaml",
            "trainer sweep job digits-sweep-0001 17 --repeat 2")
        {
            sweep, trial, repeat,
        };
        SetReport(command, sweep, (result, folder) =>
        {
            int number = result.GetValue(repeat) ?? 0;
            int repeats = folder.File.Sweep.Repeats;
            return number < repeats
                ? [JobOf(folder, folder.Require(result.GetRequiredValue(trial)), number)]
                : throw new CommandException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"'--repeat' is '{number}'; the trials have {Figures.Count(repeats, "seed")}, from 0."));
        });
        return command;
    }

    private static DocumentedCommand CreateImportance()
    {
        Argument<string> sweep = SweepRunCommands.Sweep();
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "importance",
            "Show how much each parameter matters: functional ANOVA.",
            "trainer sweep importance digits-sweep-0001",
            "trainer sweep importance digits-sweep-0001 --json")
        {
            sweep, json,
        };
        SetReport(command, sweep, (result, folder) => result.GetValue(json)
            ? [SweepImportance.ToJson(folder, SweepImportance.Of(folder))]
            : SweepImportance.Lines(SweepImportance.Of(folder)));
        return command;
    }

    private static DocumentedCommand CreatePlot()
    {
        Argument<string> sweep = SweepRunCommands.Sweep();
        Option<string?> what = Flags.Text(
            "--what", "KIND", $"{string.Join(", ", SweepPlots.Kinds)}. Default: all that fit the sweep.");
        what.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } value }] && !SweepPlots.Kinds.Contains(value))
            {
                result.AddError($"'--what' is '{value}'; it takes {string.Join(", ", SweepPlots.Kinds)}"
                    + (Data.NearestName.Hint(value, SweepPlots.Kinds) is { Length: > 0 } hint ? hint : "."));
            }
        });
        Option<string?> output = Flags.Text(
            "--output", "FILE", "The SVG file, with '--what'. Default: SWEEP's folder, plots/KIND.svg.", "-o");
        var command = new DocumentedCommand(
            "plot",
            "Draw a sweep: history, parallel coordinates, importance, slices, depth.",
            "trainer sweep plot digits-sweep-0001",
            "trainer sweep plot digits-sweep-0001 --what parallel -o parallel.svg")
        {
            sweep, what, output,
        };
        command.SetAction(result => CommandRunner.RunAsync(
            _ => Task.FromResult(SweepPlots.Write(
                SweepFolder.Read(SweepRunCommands.Find(result, sweep)),
                result.GetValue(what),
                result.GetValue(output),
                result.InvocationConfiguration)),
            result.InvocationConfiguration.Error));
        return command;
    }

    private static string JobOf(SweepFolder folder, TrialRow trial, int repeat)
    {
        IReadOnlyList<string> sets = [.. trial.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")];
        return JobFile.ToYaml(folder.File.JobOf(folder.File.WithSeed(sets, repeat))).TrimEnd();
    }

    private static void SetReport(
        Command command, Argument<string> sweep, Func<ParseResult, SweepFolder, IEnumerable<string>> report) =>
        command.SetAction(result => CommandRunner.RunAsync(
            async _ =>
            {
                SweepFolder folder = SweepFolder.Read(SweepRunCommands.Find(result, sweep));
                foreach (string line in report(result, folder))
                {
                    await result.InvocationConfiguration.Output.WriteLineAsync(line);
                }

                return ExitCode.Done;
            },
            result.InvocationConfiguration.Error));
}
