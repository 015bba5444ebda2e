using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary>Flags and arguments of all commands: errors on one line, culture-invariant numbers.</summary>
internal static class Flags
{
    /// <summary>Most silo processes that one command starts.</summary>
    public const int MaximumSilos = 64;

    /// <summary>Most compute threads of a silo.</summary>
    public const int MaximumThreads = 1024;

    /// <summary>A flag without a value.</summary>
    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A flag with a text, which must not be empty; null when it is not given.</summary>
    /// <param name="placeholder">What stands for the value in help, in capitals.</param>
    public static Option<string?> Text(string name, string placeholder, string description, params string[] aliases) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = placeholder,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => NotEmpty(result, Value(result)),
        };

    /// <summary>A flag that may be given several times, each time with one text; empty when it is not given.</summary>
    public static Option<string[]> Texts(string name, string placeholder, string description) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
            CustomParser = result => [.. result.Tokens.Select(token => NotEmpty(result, token.Value) ?? "")],
        };

    /// <summary>A flag with a whole number of a range; null when it is not given.</summary>
    public static Option<int?> Integer(string name, string placeholder, int minimum, int maximum, string description) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => ParseInteger(result, minimum, maximum),
        };

    /// <summary>A flag with a number strictly between two bounds; null when it is not given.</summary>
    public static Option<double?> Number(
        string name, string placeholder, double above, double below, string description) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => ParseNumber(result, above, below),
        };

    /// <summary>An argument that must be given and not be empty.</summary>
    /// <param name="name">Its name in help, in capitals.</param>
    public static Argument<string> Argument(string name, string description) =>
        new(name)
        {
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => NotEmpty(result, Value(result)) ?? "",
        };

    /// <summary>An argument that is a whole number of a range and must be given.</summary>
    /// <param name="name">Its name in help, in capitals.</param>
    public static Argument<int> IntegerArgument(string name, int minimum, int maximum, string description) =>
        new(name)
        {
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => ParseInteger(result, minimum, maximum) ?? minimum,
        };

    /// <summary>The argument MODEL.</summary>
    public static Argument<string> Model() => Argument("MODEL", "A run (id or folder) or a safetensors file.");

    /// <summary>The argument RUN.</summary>
    public static Argument<string> Run() => Argument("RUN", "A run: its id, or its folder.");

    /// <summary><c>--threshold T</c>, in (0, 1).</summary>
    public static Option<double?> Threshold() => Number(
        "--threshold",
        "T",
        0,
        1,
        "Probability from which on a row belongs to the positive class, of two. Default: the model's.");

    /// <summary><c>--set path=value</c>, several times.</summary>
    public static Option<string[]> Set() =>
        Texts("--set", "PATH=VALUE", "Override a key of the job file; the value is YAML. Several apply in order.");

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json(string description = "Print one JSON object on standard output, nothing else.") =>
        Switch("--json", description);

    /// <summary><c>--threads T</c>.</summary>
    public static Option<int?> Threads() => Integer(
        "--threads",
        "T",
        1,
        MaximumThreads,
        "Compute threads of a silo. Default: the cores of this host / its silos, at least 1.");

    /// <summary><c>--silos N</c> of a command that runs a job.</summary>
    public static Option<int?> OwnSilos() => Integer(
        "--silos",
        "N",
        0,
        MaximumSilos,
        "Run on an own cluster of N silo processes that ends with the job; 0: one silo inside this process.");

    /// <summary><c>--cluster NAME</c> of a command that runs a job.</summary>
    public static Option<string?> RunningCluster() => Cluster(
        "Run on this running cluster. With neither '--silos' nor '--cluster': on 'default' if it runs, else on an own "
        + "one of 2 silos.");

    /// <summary><c>--cluster NAME</c>: 1 to 64 letters, digits, dots, underscores and dashes, no leading dot.</summary>
    public static Option<string?> Cluster(string description)
    {
        Option<string?> option = Text("--cluster", "NAME", description);
        option.CustomParser = result =>
        {
            string value = Value(result);
            if (!ClusterFolder.IsName(value))
            {
                result.AddError($"'--cluster' is '{value}'; {ClusterFolder.NameRule}.");
            }

            return value;
        };
        return option;
    }

    private static int? ParseInteger(ArgumentResult result, int minimum, int maximum)
    {
        string text = Value(result);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= minimum && value <= maximum)
        {
            return value;
        }

        result.AddError($"{Label(result)} is '{text}'; it takes a whole number from {minimum} to {maximum}.");
        return null;
    }

    private static double? ParseNumber(ArgumentResult result, double above, double below)
    {
        string text = Value(result);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value > above && value < below)
        {
            return value;
        }

        result.AddError($"{Label(result)} is '{text}'; it takes a number above {above} and below {below}.");
        return null;
    }

    private static string? NotEmpty(ArgumentResult result, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            result.AddError($"{Label(result)} is empty; it takes {Placeholder(result)}.");
        }

        return value;
    }

    private static string Value(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;

    private static string Label(ArgumentResult result) =>
        result.Parent is OptionResult { Option: { } option } ? $"'{option.Name}'" : result.Argument.Name;

    private static string Placeholder(ArgumentResult result) =>
        result.Parent is OptionResult { Option: { HelpName: { } name } } ? name : "a value";
}
