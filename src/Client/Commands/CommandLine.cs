using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

using Trainer.Data;

namespace Trainer.Commands;

/// <summary>The command line as a whole: the tree of commands, and one line for what cannot be parsed.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs a command line.</summary>
    /// <param name="arguments">What stands after <c>trainer</c>.</param>
    /// <returns>The process' exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        RootCommand root = CreateRoot();
        if (arguments.Length == 0)
        {
            arguments = ["--help"];
        }

        ParseResult result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Complaint(result) is { } complaint)
        {
            await Console.Error.WriteLineAsync($"trainer: {complaint}");
            return ExitCode.Usage;
        }

        // Exceptions and signals are CommandRunner's.
        return await result.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Trains neural networks data-parallel on a cluster of silos.")
        {
            TrainCommand.Create(),
            AttachCommand.Create(),
            CancelCommand.Create(),
            RunsCommand.Create(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }

    // One line for the first thing that is wrong; null when all is well or help was asked for.
    private static string? Complaint(ParseResult result)
    {
        if (result.Action is ExampleHelp || result.GetResult(result.RootCommandResult.Command.Options.OfType<VersionOption>().Single()) is not null)
        {
            return null;
        }

        Command command = result.CommandResult.Command;
        string? flag = Values(result.CommandResult).Concat(result.UnmatchedTokens).FirstOrDefault(IsFlag);
        if (flag is not null)
        {
            return $"unknown flag '{flag}'{NearestName.Hint(flag, FlagsOf(result.CommandResult))} See '{Path(result)} --help'.";
        }

        if (result.UnmatchedTokens.Count > 0)
        {
            string word = result.UnmatchedTokens[0];
            return command.Subcommands.Count > 0
                ? $"unknown command '{word}'{NearestName.Hint(word, Visible(command))} See '{Path(result)} --help'."
                : $"'{word}' is one argument too many for '{Path(result)}'. See '{Path(result)} --help'.";
        }

        return result.Errors.Count == 0 ? null : $"{result.Errors[0].Message.ReplaceLineEndings(" ")} See '{Path(result)} --help'.";
    }

    private static IEnumerable<string> Values(CommandResult command) =>
        command.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);

    private static bool IsFlag(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]);

    private static IEnumerable<string> FlagsOf(CommandResult command) =>
        command.Command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name));

    private static IEnumerable<string> Visible(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);

    private static string Path(ParseResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? symbol = result.CommandResult; symbol is CommandResult command; symbol = symbol.Parent)
        {
            names.Push(command.Command is RootCommand ? "trainer" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
