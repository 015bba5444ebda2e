using System.CommandLine;
using System.CommandLine.Parsing;

using Trainer.Data;

namespace Trainer.Commands;

/// <summary>Parses a command line, or says in one line what the first thing is that is wrong with it.</summary>
internal static class CommandLineParser
{
    /// <summary>Parses a command line.</summary>
    /// <param name="root">The tree of commands.</param>
    /// <param name="arguments">What stands after <c>trainer</c>.</param>
    /// <returns>The result, or else a complaint.</returns>
    public static (ParseResult? Result, string? Complaint) Parse(RootCommand root, IReadOnlyList<string> arguments)
    {
        string? complaint = CommandComplaint(root, arguments);
        if (complaint is not null)
        {
            return (null, complaint);
        }

        ParseResult result = root.Parse(
            arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (result.Action is ExampleHelp || result.GetResult(Version(root)) is not null)
        {
            return (result, null);
        }

        complaint = FlagComplaint(result, arguments) ?? ValueComplaint(result) ?? ArgumentComplaint(result);
        return complaint is null ? (result, null) : (null, $"{complaint} {See(result.CommandResult.Command)}");
    }

    // Walks down to the command itself, for the parser would look for what it does not know among arguments and flags.
    private static string? CommandComplaint(RootCommand root, IReadOnlyList<string> arguments)
    {
        Command command = root;
        foreach (string word in arguments)
        {
            if (command.Subcommands.Count == 0 || IsAnswer(root, word))
            {
                return null;
            }

            if (IsFlag(word))
            {
                if (command.Action is not null)
                {
                    // 'trainer runs' does something by itself too.
                    return null;
                }

                return $"unknown flag '{NameOf(word)}'{End(NameOf(word), AnswersOf(root, command))} {See(command)}";
            }

            Command? next = command.Subcommands.FirstOrDefault(sub => sub.Name == word || sub.Aliases.Contains(word));
            if (next is null && command.Arguments.Count > 0 && IsFile(word))
            {
                // 'trainer sweep FILE' takes a file where others have commands.
                return null;
            }

            if (next is null)
            {
                IEnumerable<string> known = Visible(command).Select(sub => sub.Name).Concat(AnswersOf(root, command));
                return $"unknown command '{word}'{End(word, known)} {See(command)}";
            }

            command = next;
        }

        IEnumerable<string> names = Visible(command).Select(sub => sub.Name);
        return command.Subcommands.Count == 0 || command.Action is not null
            ? null
            : $"'{ExampleHelp.Path(command)}' needs a command: {string.Join(", ", names)}. {See(command)}";
    }

    // Words as they were typed, for the parser takes an unknown flag for an argument, and a flag for another one's
    // missing value.
    private static string? FlagComplaint(ParseResult result, IReadOnlyList<string> arguments)
    {
        Command command = result.CommandResult.Command;
        string[] known = [.. FlagsOf(command), .. FlagsOf(result.RootCommandResult.Command, recursive: true)];
        string[] words = [.. arguments.TakeWhile(word => word != "--")];
        foreach ((int index, string word) in words.Index().Where(pair => IsFlag(pair.Item)))
        {
            string name = NameOf(word);
            if (!known.Contains(name))
            {
                return $"unknown flag '{name}'{End(name, known)}";
            }

            bool takesValue = Find(command, name) is { Arity.MinimumNumberOfValues: > 0 };
            if (name != word && !takesValue)
            {
                return $"'{name}' takes no value, but is given '{word[(name.Length + 1)..]}'.";
            }

            bool missing = name == word
                ? index + 1 == words.Length || known.Contains(NameOf(words[index + 1]))
                : word.Length == name.Length + 1;
            if (takesValue && missing)
            {
                return $"'{name}' needs a value: {name} {Find(command, name)?.HelpName}.";
            }
        }

        return null;
    }

    private static Option? Find(Command command, string name) =>
        command.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static string? ValueComplaint(ParseResult result)
    {
        IEnumerable<OptionResult> flags = result.CommandResult.Children.OfType<OptionResult>();
        foreach (OptionResult flag in flags.Where(flag => flag.IdentifierTokenCount > 0))
        {
            if (flag.IdentifierTokenCount > 1 && flag.Option.Arity.MaximumNumberOfValues <= 1)
            {
                return $"'{flag.Option.Name}' is given {flag.IdentifierTokenCount} times; it can be given once.";
            }

            if (flag.Errors.FirstOrDefault() is { } error)
            {
                return error.Message.ReplaceLineEndings(" ");
            }
        }

        return null;
    }

    private static string? ArgumentComplaint(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        if (result.UnmatchedTokens.Count > 0)
        {
            return $"'{result.UnmatchedTokens[0]}' is one argument too many for '{ExampleHelp.Path(command)}'.";
        }

        int given = result.CommandResult.Children.OfType<ArgumentResult>().Sum(argument => argument.Tokens.Count);
        if (command.Arguments.Skip(given).FirstOrDefault(next => next.Arity.MinimumNumberOfValues > 0) is { } missing)
        {
            return $"missing argument {missing.Name}.";
        }

        Option? flag = command.Options.FirstOrDefault(
            option => option.Required && result.GetResult(option) is not { Implicit: false });
        return flag is not null
            ? $"missing flag '{flag.Name} {flag.HelpName}'."
            : result.Errors.FirstOrDefault()?.Message.ReplaceLineEndings(" ");
    }

    private static bool IsFile(string word) => word.IndexOfAny(['.', '/', '\\']) >= 0 || Path.Exists(word);

    // -1 and -.5 are numbers; - is a file name.
    private static bool IsFlag(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.' && word != "--";

    // --set=a=b and --set:a=b
    private static string NameOf(string flag) => flag.IndexOfAny(['=', ':']) is var end and > 0 ? flag[..end] : flag;

    // Any two flags of one letter are near each other, so no hint for those.
    private static string End(string word, IEnumerable<string> known) =>
        word.Length > 2 && NearestName.Hint(word, known) is { Length: > 0 } hint ? hint : ".";

    private static string See(Command command) => $"See '{ExampleHelp.Path(command)} --help'.";

    private static VersionOption Version(RootCommand root) => root.Options.OfType<VersionOption>().Single();

    private static bool IsAnswer(RootCommand root, string word) => FlagsOf(root).Contains(word);

    private static IEnumerable<string> AnswersOf(RootCommand root, Command command) =>
        FlagsOf(root, recursive: command is not RootCommand);

    private static IEnumerable<string> FlagsOf(Command command, bool recursive = false) => command.Options
        .Where(option => !recursive || option.Recursive)
        .SelectMany(option => option.Aliases.Prepend(option.Name));

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(sub => !sub.Hidden);
}
