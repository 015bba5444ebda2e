using System.CommandLine;

using Trainer.Clusters;
using Trainer.Data;
using Trainer.Formats;
using Trainer.Reporting;
using Trainer.Reporting.Plots;

namespace Trainer.Commands;

/// <summary><c>trainer plot RUN</c>: pictures of a run as SVG files.</summary>
internal static class PlotCommand
{
    private const string All = "all";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        Option<string?> kind = Flags.Text(
            "--kind", "KIND", $"{string.Join(", ", RunPlots.Kinds)}, or {All} that fit the run. Default: {All}.");
        kind.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } value }] && value != All && !RunPlots.Kinds.Contains(value))
            {
                result.AddError(
                    $"'--kind' is '{value}'; it takes {string.Join(", ", RunPlots.Kinds)} or {All}.");
            }
        });
        Option<string?> data = Flags.Text(
            "--data", "FILE", "Labelled rows to show instead of the run's own test part.");
        Option<string?> output = Flags.Text(
            "--output", "FOLDER", "Folder to write KIND.svg to, made if needed. Default: RUN's folder, plots/.", "-o");
        var plot = new DocumentedCommand(
            "plot",
            "Draw a run: learning curve, ROC, boundary, hidden units, ...",
            "trainer plot circle-0001",
            "trainer plot heart-0001 --kind roc --data new.csv -o pictures")
        {
            run, kind, data, output,
        };
        plot.SetAction(result => CommandRunner.RunAsync(
            stop => Task.FromResult(Draw(
                RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
                result.GetValue(kind) ?? All,
                result.GetValue(data),
                result.GetValue(output),
                result.InvocationConfiguration,
                stop)),
            result.InvocationConfiguration.Error));
        return plot;
    }

    private static int Draw(
        RunReference run,
        string kind,
        string? data,
        string? folder,
        InvocationConfiguration streams,
        CancellationToken stop)
    {
        var plots = new RunPlots(run, data, stop);
        int drawn = 0;
        foreach (string one in kind == All ? RunPlots.Kinds : [kind])
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                string picture = plots.Draw(one);
                string path = Path.Combine(folder ?? Path.Combine(run.Folder, "plots"), $"{one}.svg");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                AtomicFile.WriteAllText(path, picture);
                streams.Output.WriteLine(FinalBlock.ShortPath(Path.GetFullPath(path), Directory.GetCurrentDirectory()));
                drawn++;
            }
            catch (Exception reason) when (kind == All && (reason is CommandException or DataException))
            {
                streams.Error.WriteLine($"no {one}: {reason.Message}");
            }
        }

        return drawn > 0 ? ExitCode.Done : throw new CommandException($"run '{run.Id}' has nothing that can be drawn.");
    }
}
