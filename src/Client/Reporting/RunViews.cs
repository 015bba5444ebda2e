using Spectre.Console;

namespace Trainer.Reporting;

/// <summary>Picks the view that fits standard output.</summary>
internal static class RunViews
{
    /// <summary>JSON on request, a live view on a terminal that can move its cursor, else plain lines.</summary>
    public static IRunView Create(bool json)
    {
        if (json)
        {
            return new JsonView(Console.Out, Console.Error);
        }

        return !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi
            ? new LiveView(AnsiConsole.Console, Console.Out, Console.Error, TimeProvider.System)
            : new PlainView(Console.Out, Console.Error);
    }
}
