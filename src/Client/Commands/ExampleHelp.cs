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
        for (Command? current = command; current is not null; current = current.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Push(current is RootCommand ? "trainer" : current.Name);
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
        Section(text, "Arguments", command.Arguments.Where(argument => !argument.Hidden).Select(argument => (argument.Name, argument.Description)));
        Section(text, "Commands", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description)));
        Section(text, "Options", options.Where(option => !option.Hidden).Select(option => (Label(option), option.Description)));
        IReadOnlyList<string> examples = command is DocumentedCommand documented ? documented.Examples : rootExamples;
        text.Append("\nExamples:\n").AppendJoin('\n', examples.Select(example => $"  {example}"));
        parseResult.InvocationConfiguration.Output.WriteLine(text.ToString());
        return ExitCode.Done;
    }

    private static string Usage(Command command)
    {
        IEnumerable<string> required = command.Options.Where(option => option.Required).Select(option => $"{option.Name} {option.HelpName}");
        IEnumerable<string> words = command.Subcommands.Count > 0
            ? ["COMMAND", "..."]
            : [.. command.Arguments.Where(argument => !argument.Hidden).Select(argument => argument.Name), .. required, "[OPTIONS]"];
        return string.Join(' ', words.Prepend(Path(command)));
    }

    // -o, --output FILE
    private static string Label(Option option)
    {
        IEnumerable<string> names = option.Aliases.Append(option.Name).OrderBy(name => name.Length);
        return $"{string.Join(", ", names)} {option.HelpName}".TrimEnd();
    }

    private static void Section(StringBuilder text, string title, IEnumerable<(string Label, string? Description)> lines)
    {
        (string Label, string? Description)[] all = [.. lines];
        if (all.Length == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append(":\n");
        int column = all.Max(line => line.Label.Length);
        foreach ((string label, string? description) in all)
        {
            Wrap(text, $"  {label.PadRight(column)}  ", description ?? "");
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
