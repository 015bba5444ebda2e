using System.CommandLine;
using System.CommandLine.Help;

using Trainer.Cluster;

namespace Trainer.Commands;

/// <summary>The command line as a whole: the tree of commands.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs a command line.</summary>
    /// <param name="arguments">What stands after <c>trainer</c>.</param>
    /// <returns>The process' exit code.</returns>
    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, Console.Out, Console.Error);

    /// <summary>Parses and runs a command line that writes to the given streams.</summary>
    /// <param name="arguments">What stands after <c>trainer</c>.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        RootCommand root = CreateRoot();
        if (arguments.Length == 0)
        {
            arguments = ["--help"];
        }

        (ParseResult? result, string? complaint) = CommandLineParser.Parse(root, arguments);
        if (result is null)
        {
            await error.WriteLineAsync($"trainer: {complaint}");
            return ExitCode.Usage;
        }

        // Exceptions and signals are CommandRunner's.
        return await result.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output,
            Error = error,
        });
    }

    /// <summary>The tree of commands, in the order of help.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Trains neural networks data-parallel on a cluster of silos.");
        root.Directives.Clear();
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show help and examples.";
        help.Aliases.Clear();
        help.Aliases.Add("-h");
        help.Action = new ExampleHelp(
            "trainer train examples/digits.yaml --silos 2", "trainer train --help", "trainer --version");
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        Command[] commands =
        [
            TrainCommand.Create(), AttachCommand.Create(), PauseCommand.Create(), ResumeCommand.Create(),
            CancelCommand.Create(), RunsCommand.Create(),
            SweepCommand.Create(),
            EvaluateCommand.Create(), PredictCommand.Create(), ExportCommand.Create(), PlotCommand.Create(),
            CheckCommand.Create(), ConfigCommand.Create(), DataCommand.Create(),
            UpCommand.Create(), StatusCommand.Create(), ScaleCommand.Create(), DownCommand.Create(),
            DoctorCommand.Create(), BenchCommand.Create(),
            SiloHosting.Create(),
        ];
        foreach (Command command in commands)
        {
            root.Subcommands.Add(command);
        }

        return root;
    }
}
