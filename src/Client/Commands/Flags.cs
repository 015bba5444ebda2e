using System.CommandLine;
using System.Globalization;

namespace Trainer.Commands;

/// <summary>Flags that several commands share, with their ranges.</summary>
internal static class Flags
{
    /// <summary>Most silos that one command starts.</summary>
    public const int MostSilos = 64;

    /// <summary>Most compute threads of one silo.</summary>
    public const int MostThreads = 1024;

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON object a line, nothing else on standard output." };

    /// <summary><c>--set path=value</c>.</summary>
    public static Option<string[]> Set() => Repeated(
        "--set", "path=value", "Overrides a key of the job file; the value is YAML. Repeatable.");

    /// <summary><c>--threads T</c>.</summary>
    public static Option<int?> Threads() => Number(
        "--threads", "T", 1, MostThreads, "Compute threads of each silo. Default: cores / silos, at least 1.");

    /// <summary>A flag with a whole number.</summary>
    /// <param name="name">Name, with its dashes.</param>
    /// <param name="placeholder">What help calls the value.</param>
    /// <param name="least">Smallest value allowed.</param>
    /// <param name="most">Greatest value allowed.</param>
    /// <param name="description">A sentence for help.</param>
    public static Option<int?> Number(string name, string placeholder, int least, int most, string description) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"'{name}' is '{text}'; allowed are whole numbers from {least} to {most}."));
            return null;
        },
    };

    /// <summary>A flag that may be given several times, one value each.</summary>
    /// <param name="name">Name, with its dashes.</param>
    /// <param name="placeholder">What help calls the value.</param>
    /// <param name="description">A sentence for help.</param>
    public static Option<string[]> Repeated(string name, string placeholder, string description) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The argument RUN.</summary>
    public static Argument<string> Run() => new("RUN") { Description = "A run: its id, or its folder." };
}
