using System.CommandLine;

using Spectre.Console;

namespace Trainer.Reporting;

/// <summary>Picks the view that fits standard output.</summary>
internal static class RunViews
{
    /// <summary>JSON on request, a live view on a terminal that can move its cursor, else plain lines.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="json">Its flag <c>--json</c>; null: it has none.</param>
    public static IRunView Create(ParseResult command, Option<bool>? json)
    {
        TextWriter output = command.InvocationConfiguration.Output;
        TextWriter error = command.InvocationConfiguration.Error;
        if (json is not null && command.GetValue(json))
        {
            return new JsonView(output, error);
        }

        return !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi
            ? new LiveView(AnsiConsole.Console, output, error, TimeProvider.System)
            : new PlainView(output, error);
    }
}
