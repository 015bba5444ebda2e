using System.CommandLine;

using Spectre.Console;

namespace Trainer.Sweeps;

/// <summary>Picks the view of a sweep that fits standard output.</summary>
internal static class SweepViews
{
    /// <summary>JSON on request, a leaderboard on a terminal that can move its cursor, else plain lines.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="json">Its flag <c>--json</c>; null: it has none.</param>
    public static ISweepView Create(ParseResult command, Option<bool>? json)
    {
        TextWriter output = command.InvocationConfiguration.Output;
        TextWriter error = command.InvocationConfiguration.Error;
        if (json is not null && command.GetValue(json))
        {
            return new JsonSweepView(output, error);
        }

        return !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi
            ? new LiveSweepView(AnsiConsole.Console, output, error, TimeProvider.System)
            : new PlainSweepView(output, error);
    }
}
