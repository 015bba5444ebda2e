using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;

namespace Trainer.Commands;

/// <summary>Help of a command at 80 columns: usage, arguments, options, commands, examples.</summary>
/// <param name="rootExamples">Whole command lines for the help of <c>trainer</c> itself.</param>
internal sealed class ExampleHelp(params string[] rootExamples) : SynchronousCommandLineAction
{
    private const int Width = 80;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>The names from <c>trainer</c> down to a command.</summary>
    public static string Path(Command command)
    {
        var names = new Stack<string>();
        Command? current = command;
        while (current is not null)
        {
            names.Push(current is RootCommand ? "trainer" : current.Name);
            current = current.Parents.OfType<Command>().FirstOrDefault();
        }

        return string.Join(' ', names);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        Command command = parseResult.CommandResult.Command;
        IEnumerable<Option> options = command is RootCommand
            ? command.Options
            : command.Options.Concat(parseResult.RootCommandResult.Command.Options.Where(option => option.Recursive));
        var text = new StringBuilder();
        Wrap(text, "", command.Description ?? "");
        text.Append('\n');
        Wrap(text, "Usage: ", Usage(command));
        Section(text, "Arguments", command.Arguments, argument => argument.Name);
        Section(text, "Commands", command.Subcommands, sub => sub.Name);
        Section(text, "Options", options, Label);
        IReadOnlyList<string> examples = command is DocumentedCommand documented ? documented.Examples : rootExamples;
        text.Append("\nExamples:\n").AppendJoin('\n', examples.Select(example => $"  {example}"));
        parseResult.InvocationConfiguration.Output.WriteLine(text.ToString());
        return ExitCode.Done;
    }

    private static string Usage(Command command)
    {
        IEnumerable<string> required = command.Options.Where(option => option.Required).Select(Label);
        IEnumerable<string> words = command.Subcommands.Count > 0
            ? command.Action is null ? ["COMMAND", "..."]
                : [.. command.Arguments.Select(argument => $"[{argument.Name}]"), "[COMMAND ...]", "[OPTIONS]"]
            : [.. command.Arguments.Select(Word), .. required, "[OPTIONS]"];
        return string.Join(' ', words.Prepend(Path(command)));
    }

    private static string Word(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name;

    // -o, --output FILE
    private static string Label(Option option)
    {
        IEnumerable<string> names = option.Aliases.Append(option.Name).OrderBy(name => name.Length);
        return $"{string.Join(", ", names)} {option.HelpName}".TrimEnd();
    }

    private static void Section<T>(StringBuilder text, string title, IEnumerable<T> symbols, Func<T, string> label)
        where T : Symbol
    {
        T[] all = [.. symbols.Where(symbol => !symbol.Hidden)];
        if (all.Length == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append(":\n");
        int column = all.Max(symbol => label(symbol).Length);
        foreach (T symbol in all)
        {
            Wrap(text, $"  {label(symbol).PadRight(column)}  ", symbol.Description ?? "");
        }
    }

    // The first line starts with the lead; the others are indented by its width.
    private static void Wrap(StringBuilder text, string lead, string paragraph)
    {
        string line = lead;
        bool empty = true;
        foreach (string word in paragraph.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                (line, empty) = (new string(' ', lead.Length), true);
            }

            line += empty ? word : $" {word}";
            empty = false;
        }

        text.Append(line.TrimEnd()).Append('\n');
    }
}
