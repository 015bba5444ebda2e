using System.CommandLine;

using Xunit;

namespace Trainer.Commands;

public sealed class ExampleHelpTests
{
    private const int Width = 80;

    // Every command by its path: "train", "config print", ...
    public static TheoryData<string> Commands => [.. Walk(CommandLine.CreateRoot()).Select(Words)];

    [Fact]
    public async Task Help_OfTrainer_ListsEveryVisibleCommandOnOneLine()
    {
        string[] lines = await HelpAsync();

        Assert.All(
            CommandLine.CreateRoot().Subcommands.Where(command => !command.Hidden),
            command => Assert.Single(lines, line => line.StartsWith($"  {command.Name} ", StringComparison.Ordinal)
                && line.EndsWith(command.Description!, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Help_OfTrainer_FitsIn80Columns() =>
        Assert.All(await HelpAsync(), line => Assert.InRange(line.Length, 0, Width));

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfCommand_FitsIn80Columns(string command)
    {
        string[] lines = await HelpAsync(command.Split(' '));

        Assert.All(lines, line => Assert.InRange(line.Length, 0, Width));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfCommand_SameForShortFlag(string path)
    {
        string[] command = path.Split(' ');

        string[] lines = await HelpAsync(command);

        Assert.Equal(lines, await RunAsync([.. command, "-h"]));
        Assert.Contains("Examples:", lines);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_Flags_HaveADescriptionAndStandInAnExample(string path)
    {
        Command command = Walk(CommandLine.CreateRoot()).Single(candidate => Words(candidate) == path);

        var documented = Assert.IsType<DocumentedCommand>(command);
        string[] words = [.. documented.Examples.SelectMany(example => example.Split(' ', ';', ')'))];
        Assert.NotEmpty(documented.Examples);
        Assert.All(command.Arguments, argument => Assert.NotEqual("", argument.Description ?? ""));
        Assert.All(
            command.Options.Where(option => !option.Hidden),
            option =>
            {
                Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{option.Name} has no description");
                Assert.True(option.Aliases.Append(option.Name).Any(words.Contains), $"{option.Name} is in no example");
            });
    }

    private static IEnumerable<Command> Walk(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => Walk(sub).Prepend(sub));

    private static string Words(Command command) => ExampleHelp.Path(command)["trainer ".Length..];

    private static Task<string[]> HelpAsync(params string[] command) => RunAsync([.. command, "--help"]);

    private static async Task<string[]> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        int code = await CommandLine.RunAsync(arguments, output, TextWriter.Null);
        Assert.Equal(ExitCode.Done, code);
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
