using System.CommandLine;

using Trainer.Commands;
using Trainer.Formats;
using Trainer.Sweeps;

namespace Trainer.Reporting.Plots;

/// <summary>The pictures of one sweep.</summary>
internal static class SweepPlots
{
    /// <summary>All kinds, in the order in which they are drawn.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["history", "parallel", "importance", "slice", "depth"];

    /// <summary>Draws one picture, or all that fit the sweep, and writes them.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="what">One of <see cref="Kinds"/>; null: all.</param>
    /// <param name="output">Value of <c>-o</c>; null: in the sweep's folder.</param>
    /// <param name="streams">Where the paths are printed.</param>
    /// <exception cref="CommandException">There is nothing to draw.</exception>
    public static int Write(SweepFolder sweep, string? what, string? output, InvocationConfiguration streams)
    {
        if (output is not null && what is null)
        {
            throw new CommandException(
                $"'--output' names one file; say with '--what' which picture: {string.Join(", ", Kinds)}.");
        }

        int drawn = 0;
        foreach (string kind in what is null ? Kinds : [what])
        {
            try
            {
                string picture = Draw(sweep, kind);
                string path = Path.GetFullPath(
                    output ?? Path.Combine(sweep.Reference.Folder, "plots", $"{kind}.svg"));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                AtomicFile.WriteAllText(path, picture);
                streams.Output.WriteLine(FinalBlock.ShortPath(path, Directory.GetCurrentDirectory()));
                drawn++;
            }
            catch (CommandException reason) when (what is null)
            {
                streams.Error.WriteLine($"no {kind}: {reason.Message}");
            }
        }

        return drawn > 0
            ? ExitCode.Done
            : throw new CommandException(
                $"sweep '{sweep.Reference.Id}' has nothing that can be drawn.", ExitCode.Failed);
    }

    /// <summary>Draws a picture as SVG.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <exception cref="CommandException">There is no such picture; the message says why (exit code 1).</exception>
    public static string Draw(SweepFolder sweep, string kind)
    {
        (string id, string metric) = (sweep.Reference.Id, sweep.File.Sweep.Metric);
        if (kind == "importance")
        {
            return ImportancePlot.Draw(id, SweepImportance.Of(sweep));
        }

        if (sweep.Table.Best is null)
        {
            throw new CommandException($"no trial of sweep '{id}' has completed.", ExitCode.Failed);
        }

        return kind switch
        {
            "history" => HistoryPlot.Draw(id, metric, sweep.Table),
            "parallel" => ParallelPlot.Draw(id, metric, SweepPoints.Of(sweep)),
            "slice" => SlicePlot.Draw(id, metric, SweepPoints.Of(sweep)),
            "depth" => DepthTable.Of(sweep.Table) is { } depth
                ? DepthPlot.Draw(id, metric, depth, sweep.File.Goal)
                : throw new CommandException($"sweep '{id}' does not search 'model.hidden'.", ExitCode.Failed),
            _ => throw new ArgumentException(
                $"'{kind}' is no kind; there are {string.Join(", ", Kinds)}.", nameof(kind)),
        };
    }
}
