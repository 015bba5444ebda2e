using System.CommandLine;

using Trainer.Jobs;

namespace Trainer.Commands;

/// <summary><c>trainer config print JOB</c>: the job with every default.</summary>
internal static class ConfigCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create()
    {
        var config = new DocumentedCommand(
            "config", "Show what a job file means.", "trainer config print job.yaml", "trainer check job.yaml");
        config.Subcommands.Add(CreatePrint());

        // The contract's table can be read both ways; help shows 'trainer check'.
        Command check = CheckCommand.Create();
        check.Hidden = true;
        config.Subcommands.Add(check);
        return config;
    }

    private static DocumentedCommand CreatePrint()
    {
        Argument<string> job = Flags.Argument("JOB", "The job file, YAML or JSON.");
        Option<string[]> set = Flags.Set();
        Option<bool> json = Flags.Json("Print one JSON object instead of YAML.");
        var print = new DocumentedCommand(
            "print",
            "Print a job file with every default and override.",
            "trainer config print job.yaml > resolved.yaml",
            "trainer config print job.yaml --set model.hidden=[64,32] --json")
        {
            job, set, json,
        };
        print.SetAction(result => CommandRunner.RunAsync(async _ =>
        {
            string path = result.GetRequiredValue(job);
            JobSpec resolved = JobLoader.WithAbsoluteData(
                JobLoader.Load(path, result.GetRequiredValue(set)), JobLoader.Folder(path));
            string text = result.GetValue(json) ? JobFile.ToJson(resolved) : JobFile.ToYaml(resolved);
            await result.InvocationConfiguration.Output.WriteLineAsync(text.TrimEnd());
            return ExitCode.Done;
        }));
        return print;
    }
}
